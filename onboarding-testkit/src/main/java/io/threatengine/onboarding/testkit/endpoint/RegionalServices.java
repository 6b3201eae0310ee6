package io.threatengine.onboarding.testkit.endpoint;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;

/** One region of the account: its keys, its secrets, and the lock that lets one call at a time see them. */
final class RegionalServices {
    /** By the service's name in {@code X-Amz-Target}: its name in a signature's scope. */
    static final Map<String, String> SIGNING_NAMES = Map.of("secretsmanager", "secretsmanager", "TrentService", "kms");

    private final Map<String, Map<String, Function<Request, Reply>>> operations;

    RegionalServices(String region, InstantSource time) {
        Keyring keyring = new Keyring(region, time);
        operations = Map.of(
                "secretsmanager", new SecretsManagerService(region, keyring, time).operations(),
                "TrentService", new KmsService(keyring, time).operations());
    }

    synchronized Reply call(String service, String name, Request request) {
        Function<Request, Reply> operation =
                operations.getOrDefault(service, Map.of()).get(name);
        if (operation == null) {
            throw AwsError.unknownOperation();
        }
        return operation.apply(request);
    }
}
