package io.threatengine.onboarding.scan;

import io.threatengine.onboarding.internal.Rules;

/**
 * Why or how an account is scanned. The list is open: any word is kept as it is given.
 *
 * @param value as stored
 */
public record ScanType(String value) {
    public static final ScanType SCHEDULED = new ScanType("scheduled");
    public static final ScanType MANUAL = new ScanType("manual");
    public static final ScanType API = new ScanType("api");
    public static final ScanType FULL = new ScanType("full");
    public static final ScanType PARTIAL = new ScanType("partial");

    public ScanType {
        Rules.word("scan type", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
