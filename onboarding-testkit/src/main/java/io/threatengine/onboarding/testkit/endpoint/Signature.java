package io.threatengine.onboarding.testkit.endpoint;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a signature of version 4 says of a call. It must be there and complete; it is not verified. */
final class Signature {
    private static final List<String> PARTS = List.of("Credential", "Signature", "SignedHeaders");

    /** {@code Credential=<access key>/<date>/<region>/<service>/aws4_request}. */
    private static final Pattern SCOPE =
            Pattern.compile("Credential=[^/,\\s]+/\\d{8}/([^/,\\s]+)/([^/,\\s]+)/aws4_request");

    private static final Pattern REGION = Pattern.compile("[a-z]{2,}+(-[a-z]++)++-[0-9]{1,2}");

    private Signature() {}

    /**
     * The region that the call is signed for.
     *
     * @param service the name of the service that has to be in the scope
     */
    static String region(Headers headers, String service) {
        String authorization = headers.getFirst("Authorization");
        if (authorization == null || !authorization.startsWith("AWS4-")) {
            throw new AwsError("MissingAuthenticationTokenException", "Request is missing Authentication Token");
        }
        String missing = PARTS.stream()
                .filter(part -> !authorization.contains(part + "="))
                .map(part -> "Authorization header requires '" + part + "' parameter. ")
                .collect(Collectors.joining());
        if (headers.getFirst("X-Amz-Date") == null && headers.getFirst("Date") == null) {
            missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
        }
        if (!missing.isEmpty()) {
            throw new AwsError("IncompleteSignatureException", missing.strip());
        }
        Matcher scope = SCOPE.matcher(authorization);
        if (!scope.find()) {
            throw new AwsError(
                    "IncompleteSignatureException",
                    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.");
        }
        if (!REGION.matcher(scope.group(1)).matches()) {
            throw new AwsError(
                    "InvalidSignatureException",
                    "Credential should be scoped to a valid region, not '" + scope.group(1) + "'.");
        }
        if (!scope.group(2).equals(service)) {
            throw new AwsError(
                    "InvalidSignatureException", "Credential should be scoped to correct service: '" + service + "'.");
        }
        return scope.group(1);
    }
}
