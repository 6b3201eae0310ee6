package io.threatengine.onboarding.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.threatengine.onboarding.account.CredentialVersion;
import io.threatengine.onboarding.credential.Credential;
import io.threatengine.onboarding.credential.StoredCredential;
import io.threatengine.onboarding.testkit.contract.CredentialVaultContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No credential shows its secrets, however somebody may turn it into text. */
class SecrecyTest {
    private static final List<ObjectMapper> MAPPERS = List.of(
            JsonMapper.builder()
                    .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .disable(MapperFeature.REQUIRE_HANDLERS_FOR_JAVA8_TIMES)
                    .build(),
            JsonMapper.builder()
                    .disable(MapperFeature.REQUIRE_HANDLERS_FOR_JAVA8_TIMES)
                    .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .visibility(PropertyAccessor.ALL, Visibility.ANY)
                    .build());

    @Test
    void theMarkerIsThereToBeFound() {
        assertThat(CredentialVaultContract.credentials())
                .anySatisfy(credential -> assertThat(credential.toString()).contains("[secret]"));
    }

    @Test
    void notAsText() {
        for (Credential credential : CredentialVaultContract.credentials()) {
            var stored = new StoredCredential(credential, new CredentialVersion("name", "version"), null, null);
            assertThat(List.of(credential, stored, Map.of("credential", credential))
                            .toString())
                    .doesNotContain(CredentialVaultContract.MARKER);
        }
    }

    @Test
    void notAsJson() throws JsonProcessingException {
        for (ObjectMapper mapper : MAPPERS) {
            for (Credential credential : CredentialVaultContract.credentials()) {
                assertThat(mapper.writeValueAsString(Map.of("credential", credential)))
                        .doesNotContain(CredentialVaultContract.MARKER);
            }
        }
    }
}
