package io.threatengine.onboarding.aws;

/** Who uses the library, by what they may do. Each policy is whole: a writer may read, too. */
public enum AccessRole {
    /** Reads rows and credentials. */
    READER,
    /** Reads and writes rows and credentials. */
    WRITER,
    /** Claims due schedules and reports their runs; sees no credential. */
    SCHEDULER,
    /** Sets up tables and key, verifies them, and administers secrets without opening them. */
    ADMINISTRATOR
}
