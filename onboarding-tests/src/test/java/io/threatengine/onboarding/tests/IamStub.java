package io.threatengine.onboarding.tests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;

/** One role of IAM, as the service's answers show it: nothing else that tests run on has roles. */
final class IamStub implements SdkHttpClient {
    static final String ROLE = "engines";

    private final Map<String, String> attached = new LinkedHashMap<>();
    private final Map<String, String> inline = new LinkedHashMap<>();
    private volatile String denied = "";
    private volatile String failing = "";
    private volatile String host = "";

    /** @param arn of a managed policy */
    IamStub attach(String arn, String document) {
        attached.put(arn, document);
        return this;
    }

    IamStub inline(String name, String document) {
        inline.put(name, document);
        return this;
    }

    /** Refuses an operation. */
    IamStub deny(String operation) {
        denied = operation;
        return this;
    }

    /** Does not know an operation, as a stand-in of AWS that is no IAM. */
    IamStub fail(String operation) {
        failing = operation;
        return this;
    }

    /** Of which host the last request asked. */
    String host() {
        return host;
    }

    IamClient client(ExecutionInterceptor... interceptors) {
        var override = ClientOverrideConfiguration.builder();
        Arrays.stream(interceptors).forEach(override::addExecutionInterceptor);
        return IamClient.builder()
                .httpClient(this)
                .region(Region.AP_SOUTH_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .overrideConfiguration(override.build())
                .build();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        host = request.httpRequest().host();

        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return answer(parameters(new String(
                        request.contentStreamProvider()
                                .orElseThrow()
                                .newStream()
                                .readAllBytes(),
                        StandardCharsets.UTF_8)));
            }

            @Override
            public void abort() {}
        };
    }

    private static Map<String, String> parameters(String form) {
        return Arrays.stream(form.split("&", -1))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private HttpExecuteResponse answer(Map<String, String> parameters) {
        String operation = parameters.get("Action");
        if (operation.equals(denied)) {
            return error(403, "AccessDenied", "User is not authorized to perform: iam:" + operation);
        }
        if (operation.equals(failing)) {
            return error(400, "UnknownOperation", operation);
        }
        if (!parameters.getOrDefault("RoleName", ROLE).equals(ROLE)) {
            return error(404, "NoSuchEntity", "The role with name " + parameters.get("RoleName") + " cannot be found.");
        }
        return switch (operation) {
            case "ListAttachedRolePolicies" -> attached(parameters);
            case "ListRolePolicies" ->
                result(
                        operation,
                        "<PolicyNames>"
                                + inline.keySet().stream()
                                        .map(name -> "<member>" + name + "</member>")
                                        .collect(Collectors.joining())
                                + "</PolicyNames><IsTruncated>false</IsTruncated>");
            case "GetPolicy" -> result(operation, "<Policy><DefaultVersionId>v2</DefaultVersionId></Policy>");
            case "GetPolicyVersion" ->
                result(
                        operation,
                        "<PolicyVersion><Document>" + encoded(attached.get(parameters.get("PolicyArn")))
                                + "</Document><VersionId>" + parameters.get("VersionId")
                                + "</VersionId></PolicyVersion>");
            case "GetRolePolicy" ->
                result(
                        operation,
                        "<PolicyDocument>" + encoded(inline.get(parameters.get("PolicyName"))) + "</PolicyDocument>");
            default -> error(400, "InvalidAction", operation);
        };
    }

    /** One policy a page, so that whoever reads the first page alone is found out. */
    private HttpExecuteResponse attached(Map<String, String> parameters) {
        int from = Integer.parseInt(parameters.getOrDefault("Marker", "0"));
        String members = attached.keySet().stream()
                .skip(from)
                .limit(1)
                .map(arn -> "<member><PolicyName>p</PolicyName><PolicyArn>" + arn + "</PolicyArn></member>")
                .collect(Collectors.joining());
        boolean more = from + 1 < attached.size();
        return result(
                "ListAttachedRolePolicies",
                "<AttachedPolicies>" + members + "</AttachedPolicies><IsTruncated>" + more + "</IsTruncated>"
                        + (more ? "<Marker>" + (from + 1) + "</Marker>" : ""));
    }

    private static String encoded(String document) {
        return URLEncoder.encode(document, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static HttpExecuteResponse result(String operation, String content) {
        return response(
                200,
                "<" + operation + "Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><" + operation
                        + "Result>" + content + "</" + operation + "Result></" + operation + "Response>");
    }

    private static HttpExecuteResponse error(int status, String code, String message) {
        return response(
                status,
                "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type><Code>"
                        + code + "</Code><Message>" + message + "</Message></Error></ErrorResponse>");
    }

    private static HttpExecuteResponse response(int status, String body) {
        return HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder()
                        .statusCode(status)
                        .putHeader("Content-Type", "text/xml")
                        .build())
                .responseBody(
                        AbortableInputStream.create(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    @Override
    public String clientName() {
        return "stub";
    }

    @Override
    public void close() {}
}
