package io.threatengine.onboarding.testkit;

/** What tests run on. Thread-safe. Starting one may take seconds, a workspace on it milliseconds: share it. */
public interface Backend {

    /** For reports: what answers, with versions. */
    String description();

    /** Fresh, empty tables and secrets that no other workspace sees. */
    Workspace newWorkspace();

    /** Maps in this JVM: no AWS protocol, microseconds a call. For unit tests of what uses the library. */
    static Backend inMemory() {
        return new InMemoryBackend();
    }

    /** DynamoDB, Secrets Manager and KMS in this JVM, behind real SDK clients. They stay the caller's to close. */
    static Backend embedded(EmbeddedAws aws) {
        return new EmbeddedBackend(aws);
    }
}
