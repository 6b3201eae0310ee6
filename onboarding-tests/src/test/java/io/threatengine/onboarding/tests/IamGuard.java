package io.threatengine.onboarding.tests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Refuses the calls that an IAM policy does not allow, and remembers what was called. Conditions are not evaluated. */
final class IamGuard extends Recorder {
    private final List<JsonNode> statements = new ArrayList<>();

    private final boolean asTheService;

    IamGuard(String policy) {
        this(policy, false);
    }

    /** With refusals that are the service's error, rather than the test's. */
    IamGuard(String policy, boolean asTheService) {
        this.asTheService = asTheService;
        try {
            new ObjectMapper().readTree(policy).path("Statement").forEach(statements::add);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** What the policy grants. */
    Set<String> granted() {
        var actions = new TreeSet<String>();
        statements.forEach(statement -> statement.path("Action").forEach(action -> actions.add(action.textValue())));
        return actions;
    }

    private boolean allows(String grant) {
        int on = grant.indexOf(" on ");
        String action = grant.substring(0, on);
        String arn = grant.substring(on + " on ".length());
        return statements.stream()
                .anyMatch(statement -> texts(statement, "Action").contains(action)
                        && texts(statement, "Resource").stream().anyMatch(pattern -> matches(pattern, arn)));
    }

    private static List<String> texts(JsonNode statement, String member) {
        var texts = new ArrayList<String>();
        statement.path(member).forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private static boolean matches(String pattern, String arn) {
        return Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), arn);
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        var call = new Call(
                attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME),
                attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME),
                context.request(),
                null);
        call.grantsNeeded().filter(grant -> !allows(grant)).findFirst().ifPresent(missing -> {
            if (asTheService) {
                throw AwsServiceException.builder()
                        .message("not authorized to perform: " + missing)
                        .statusCode(400)
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("AccessDeniedException")
                                .errorMessage("not authorized to perform: " + missing)
                                .build())
                        .build();
            }
            throw new AssertionError("the policy does not allow " + missing);
        });
    }
}
