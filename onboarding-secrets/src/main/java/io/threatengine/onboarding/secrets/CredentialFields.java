package io.threatengine.onboarding.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.threatengine.onboarding.credential.AlicloudAccessKey;
import io.threatengine.onboarding.credential.AwsAccessKey;
import io.threatengine.onboarding.credential.AwsIamRole;
import io.threatengine.onboarding.credential.AzureServicePrincipal;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.CustomCredential;
import io.threatengine.onboarding.credential.GcpServiceAccount;
import io.threatengine.onboarding.credential.IbmApiKey;
import io.threatengine.onboarding.credential.InCluster;
import io.threatengine.onboarding.credential.Kubeconfig;
import io.threatengine.onboarding.credential.OciUserPrincipal;
import io.threatengine.onboarding.credential.Secret;
import io.threatengine.onboarding.error.InvalidValueException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code credentials} object of a document: one known credential's fields, by the names that all engines use. */
final class CredentialFields {
    private static final Map<String, String> ALIASES = Map.of(
            "access_key", AwsAccessKey.TYPE,
            "iam_role", AwsIamRole.TYPE,
            "service_account", GcpServiceAccount.TYPE);

    private CredentialFields() {}

    /** The type's own name, for one that old data calls otherwise. */
    static String canonicalType(String type) {
        return ALIASES.getOrDefault(type, type);
    }

    static ObjectNode write(Credential credential) {
        var out = new Writer();
        if (credential instanceof AwsAccessKey key) {
            out.text("access_key_id", key.accessKeyId())
                    .secret("secret_access_key", key.secretAccessKey())
                    .secret("session_token", key.sessionToken())
                    .text("account_number", key.awsAccountNumber());
        } else if (credential instanceof AwsIamRole role) {
            out.text("role_arn", role.roleArn())
                    .text("external_id", role.externalId())
                    .text("account_number", role.awsAccountNumber())
                    .text("role_name", role.roleName());
            Duration duration = role.sessionDuration();
            if (duration != null) {
                out.node.put("session_duration", duration.toSeconds());
            }
        } else if (credential instanceof AzureServicePrincipal principal) {
            out.text("client_id", principal.clientId())
                    .secret("client_secret", principal.clientSecret())
                    .text("tenant_id", principal.directoryId())
                    .text("subscription_id", principal.subscriptionId());
        } else if (credential instanceof GcpServiceAccount account) {
            out.secret("service_account_json", account.serviceAccountJson()).text("project_id", account.projectId());
        } else if (credential instanceof AlicloudAccessKey key) {
            out.text("access_key_id", key.accessKeyId())
                    .secret("access_key_secret", key.accessKeySecret())
                    .secret("security_token", key.securityToken())
                    .text("account_id", key.accountId());
        } else if (credential instanceof OciUserPrincipal principal) {
            out.text("user_ocid", principal.userOcid())
                    .text("tenancy_ocid", principal.tenancyOcid())
                    .text("fingerprint", principal.fingerprint())
                    .secret("private_key", principal.privateKey())
                    .text("region", principal.region());
        } else if (credential instanceof IbmApiKey key) {
            out.secret("api_key", key.apiKey());
        } else if (credential instanceof Kubeconfig config) {
            out.secret("kubeconfig", config.kubeconfig());
        } else if (credential instanceof InCluster cluster) {
            out.text("cluster_name", cluster.clusterName());
        } else if (credential instanceof CustomCredential custom) {
            custom.fields().forEach(out::secret);
            custom.jsonFields()
                    .forEach((name, json) ->
                            out.node.set(name, Json.parse(json.reveal()).orElseThrow()));
        }
        return out.node;
    }

    /**
     * @param asked filled with the names under which a field was looked for; for the rest, nobody here knows a meaning
     * @throws InvalidValueException naming the field that is missing or wrong, never a secret
     */
    static Credential read(String type, ObjectNode fields, Set<String> asked) {
        var in = new Reader(fields, asked);
        return switch (canonicalType(type)) {
            case AwsAccessKey.TYPE ->
                new AwsAccessKey(
                        in.text("access_key_id", "aws_access_key_id"),
                        in.secret("secret_access_key", "aws_secret_access_key"),
                        in.optionalSecret("session_token", "aws_session_token"),
                        in.optional("account_number", "aws_account_number"));
            case AwsIamRole.TYPE -> {
                String arn = in.text("role_arn");
                String externalId = in.text("external_id");
                String number = in.optional("account_number");
                yield new AwsIamRole(
                        arn,
                        externalId,
                        number == null ? new AwsIamRole(arn, externalId).awsAccountNumber() : number,
                        in.optional("role_name"),
                        in.optionalSeconds("session_duration"));
            }
            case AzureServicePrincipal.TYPE ->
                new AzureServicePrincipal(
                        in.text("client_id"),
                        in.secret("client_secret"),
                        in.text("tenant_id"),
                        in.text("subscription_id"));
            case GcpServiceAccount.TYPE ->
                new GcpServiceAccount(in.secret("service_account_json"), in.optional("project_id"));
            case AlicloudAccessKey.TYPE ->
                new AlicloudAccessKey(
                        in.text("access_key_id"),
                        in.secret("access_key_secret"),
                        in.optionalSecret("security_token"),
                        in.optional("account_id"));
            case OciUserPrincipal.TYPE ->
                new OciUserPrincipal(
                        in.text("user_ocid"),
                        in.text("tenancy_ocid"),
                        in.text("fingerprint"),
                        in.secret("private_key"),
                        in.optional("region"));
            case IbmApiKey.TYPE -> new IbmApiKey(in.secret("api_key"));
            case Kubeconfig.TYPE -> new Kubeconfig(in.secret("kubeconfig"));
            case InCluster.TYPE -> new InCluster(in.optional("cluster_name"));
            default -> custom(type, fields, asked);
        };
    }

    private static CustomCredential custom(String type, ObjectNode fields, Set<String> asked) {
        var texts = new HashMap<String, Secret>();
        var others = new HashMap<String, Secret>();
        fields.properties().forEach(field -> {
            asked.add(field.getKey());
            JsonNode value = field.getValue();
            if (value.isTextual() && !value.textValue().isEmpty()) {
                texts.put(field.getKey(), Secret.of(value.textValue()));
            } else {
                others.put(field.getKey(), Secret.of(value.toString()));
            }
        });
        return new CustomCredential(type, texts, others);
    }

    private static final class Writer {
        private final ObjectNode node = JsonNodeFactory.instance.objectNode();

        Writer text(String name, @Nullable String value) {
            if (value != null) {
                node.put(name, value);
            }
            return this;
        }

        Writer secret(String name, @Nullable Secret value) {
            return text(name, value == null ? null : value.reveal());
        }
    }

    private record Reader(ObjectNode fields, Set<String> asked) {

        /** The first of the names that has a value; the later ones are old spellings. */
        @Nullable
        String optional(String... names) {
            String found = null;
            for (String name : names) {
                asked.add(name);
                JsonNode value = fields.get(name);
                if (found == null && value != null && !value.isNull()) {
                    String text = value.isTextual() ? value.textValue() : value.toString();
                    found = text.isEmpty() ? null : text;
                }
            }
            return found;
        }

        String text(String... names) {
            String text = optional(names);
            if (text == null) {
                throw new InvalidValueException(names[0], "must not be missing or empty", null);
            }
            return text;
        }

        @Nullable
        Secret optionalSecret(String... names) {
            String text = optional(names);
            return text == null ? null : Secret.of(names[0], text);
        }

        Secret secret(String... names) {
            return Secret.of(names[0], text(names));
        }

        @Nullable
        Duration optionalSeconds(String name) {
            String text = optional(name);
            try {
                return text == null ? null : Duration.ofSeconds(Long.parseLong(text));
            } catch (NumberFormatException e) {
                throw new InvalidValueException(name, "must be a whole number of seconds", text);
            }
        }
    }
}
