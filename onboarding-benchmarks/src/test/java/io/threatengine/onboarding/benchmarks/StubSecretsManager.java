package io.threatengine.onboarding.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InternalServiceErrorException;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;

/** Has every secret, as slow and as broken as one likes. */
final class StubSecretsManager implements SecretsManagerClient {
    final AtomicLong calls = new AtomicLong();
    volatile Duration latency = Duration.ZERO;
    volatile boolean fails;

    @Override
    public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
        serve();
        return GetSecretValueResponse.builder()
                .name(request.secretId())
                .versionId(Secrets.VERSION)
                .versionStages("AWSCURRENT")
                .secretString(Secrets.document(request.secretId()))
                .build();
    }

    @Override
    public BatchGetSecretValueResponse batchGetSecretValue(BatchGetSecretValueRequest request) {
        serve();
        return BatchGetSecretValueResponse.builder()
                .secretValues(request.secretIdList().stream()
                        .map(name -> SecretValueEntry.builder()
                                .name(name)
                                .arn("arn:aws:secretsmanager:eu-central-1:123456789012:secret:" + name + "-AbCdEf")
                                .versionId(Secrets.VERSION)
                                .versionStages("AWSCURRENT")
                                .secretString(Secrets.document(name))
                                .build())
                        .toList())
                .build();
    }

    @Override
    public DescribeSecretResponse describeSecret(DescribeSecretRequest request) {
        serve();
        return DescribeSecretResponse.builder()
                .name(request.secretId())
                .versionIdsToStages(Map.of(Secrets.VERSION, List.of("AWSCURRENT")))
                .build();
    }

    private void serve() {
        calls.incrementAndGet();
        long until = System.nanoTime() + latency.toNanos();
        for (long left = latency.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        if (fails) {
            throw InternalServiceErrorException.builder()
                    .message("the stub fails")
                    .statusCode(500)
                    .build();
        }
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
