package io.threatengine.onboarding.testkit.endpoint;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code GetRandomPassword}. */
final class PasswordGenerator {
    private static final SecureRandom RANDOM = new SecureRandom();

    private PasswordGenerator() {}

    static String generate(Request request) {
        int length = request.integer("PasswordLength", 1, 4096).orElse(32);
        List<String> types = new ArrayList<>();
        addUnless(request.flag("ExcludeLowercase"), "abcdefghijklmnopqrstuvwxyz", request, types);
        addUnless(request.flag("ExcludeUppercase"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ", request, types);
        addUnless(request.flag("ExcludeNumbers"), "0123456789", request, types);
        addUnless(request.flag("ExcludePunctuation"), "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", request, types);
        addUnless(!request.flag("IncludeSpace"), " ", request, types);
        if (types.isEmpty()) {
            throw new AwsError("InvalidParameterException", "All characters are excluded.");
        }
        boolean oneOfEach = request.flag("RequireEachIncludedType", true);
        if (oneOfEach && length < types.size()) {
            throw new AwsError(
                    "InvalidParameterException",
                    "Password length " + length + " is too short based on the required types.");
        }
        String all = String.join("", types);
        List<Character> password = new ArrayList<>();
        if (oneOfEach) {
            types.forEach(type -> password.add(pick(type)));
        }
        while (password.size() < length) {
            password.add(pick(all));
        }
        Collections.shuffle(password, RANDOM);
        StringBuilder text = new StringBuilder(length);
        password.forEach(text::append);
        return text.toString();
    }

    private static void addUnless(boolean excluded, String type, Request request, List<String> types) {
        String unwanted = request.text("ExcludeCharacters", 0, 4096).orElse("");
        StringBuilder left = new StringBuilder();
        type.chars().filter(c -> unwanted.indexOf(c) < 0).forEach(left::appendCodePoint);
        if (!excluded && !left.isEmpty()) {
            types.add(left.toString());
        }
    }

    private static char pick(String characters) {
        return characters.charAt(RANDOM.nextInt(characters.length()));
    }
}
