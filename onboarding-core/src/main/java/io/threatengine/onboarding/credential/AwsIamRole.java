package io.threatengine.onboarding.credential;

import io.threatengine.onboarding.error.InvalidValueException;
import io.threatengine.onboarding.internal.Rules;
import io.threatengine.onboarding.provider.ProviderType;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A role in the customer's AWS account that our account may assume.
 *
 * @param roleArn {@code arn:aws:iam::123456789012:role/path/name}
 * @param externalId 16 to 128 characters that the role's trust policy asks for
 * @param awsAccountNumber 12 digits, the same as in the ARN
 * @param roleName the role's name, where stored beside the ARN
 * @param sessionDuration how long a session may last, 900 to 43,200 seconds; the caller's default if null
 */
public record AwsIamRole(
        String roleArn,
        String externalId,
        String awsAccountNumber,
        @Nullable String roleName,
        @Nullable Duration sessionDuration)
        implements Credential {
    public static final String TYPE = "aws_iam_role";

    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]{1,575}");
    private static final Pattern EXTERNAL_ID = Pattern.compile("[\\w+=,.@:/-]{16,128}");
    private static final Duration SHORTEST = Duration.ofMinutes(15);
    private static final Duration LONGEST = Duration.ofHours(12);

    /**
     * Checks the parts.
     *
     * @throws InvalidValueException naming the field that is missing or wrong
     */
    public AwsIamRole {
        String account = accountOf(roleArn);
        Rules.matches("external_id", "must be 16 to 128 of A-Z a-z 0-9 _ + = , . @ : / -", externalId, EXTERNAL_ID);
        ProviderType.AWS.checkAccountNumber(awsAccountNumber);
        if (!account.equals(awsAccountNumber)) {
            throw new InvalidValueException("role_arn", "must be a role of the account " + awsAccountNumber, roleArn);
        }
        Fields.optional("role_name", roleName);
        if (sessionDuration != null
                && (sessionDuration.compareTo(SHORTEST) < 0
                        || sessionDuration.compareTo(LONGEST) > 0
                        || !sessionDuration.equals(Duration.ofSeconds(sessionDuration.toSeconds())))) {
            throw new InvalidValueException(
                    "session_duration", "must be 900 to 43200 whole seconds", sessionDuration.toString());
        }
    }

    /** A role of the account that its ARN names. */
    public AwsIamRole(String roleArn, String externalId) {
        this(roleArn, externalId, accountOf(roleArn), null, null);
    }

    /** A new external id: {@code threat-engine-} and 128 random bits. Give it to the customer for the trust policy. */
    public static String randomExternalId() {
        byte[] bits = new byte[16];
        new SecureRandom().nextBytes(bits);
        return "threat-engine-" + HexFormat.of().formatHex(bits);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Optional<ProviderType> providerType() {
        return Optional.of(ProviderType.AWS);
    }

    @Override
    public Optional<String> accountNumber() {
        return Optional.of(awsAccountNumber);
    }

    private static String accountOf(@Nullable String roleArn) {
        String rule = "must be like arn:aws:iam::123456789012:role/name";
        return Rules.matches("role_arn", rule, roleArn, ARN).split(":", 6)[4];
    }
}
