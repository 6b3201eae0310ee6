package io.threatengine.onboarding.testkit.endpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The {@code Filters} of ListSecrets and BatchGetSecretValue. All filters must hold; of a filter's values one must. A
 * leading {@code !} negates a value. Names and tags match by their beginning, with case; descriptions match if each
 * word of the value begins a word of theirs, in any case; {@code all} does the same over everything.
 */
final class SecretFilter {
    private SecretFilter() {}

    static Predicate<Secret> of(Request request, String region) {
        List<Request> filters = request.structures("Filters");
        Request.checkLength("Filters", filters.size(), 0, 10);
        return filters.stream().map(filter -> one(filter, region)).reduce(secret -> true, Predicate::and);
    }

    private static Predicate<Secret> one(Request filter, String region) {
        String key = filter.requiredText("Key", 1, 64);
        List<String> values = filter.texts("Values");
        Request.checkLength("Values", values.size(), 1, 10);
        return values.stream()
                .map(value -> value.startsWith("!")
                        ? matching(key, value.substring(1), region).negate()
                        : matching(key, value, region))
                .reduce(secret -> false, Predicate::or);
    }

    private static Predicate<Secret> matching(String key, String value, String region) {
        Predicate<String> begins = text -> text.startsWith(value);
        return switch (key) {
            case "name" -> secret -> begins.test(secret.name);
            case "tag-key" -> secret -> secret.tags.anyKey(begins);
            case "tag-value" -> secret -> secret.tags.anyValue(begins);
            case "description" -> secret -> wordsMatch(value, secret.description == null ? "" : secret.description);
            case "primary-region" -> secret -> begins.test(region);
            case "owning-service" -> secret -> false; // secrets that a service manages do not occur here
            case "all" -> secret -> wordsMatch(value, everythingOf(secret, region));
            default ->
                throw AwsError.constraint(
                        "Value '" + key + "'",
                        "filters.key",
                        "satisfy enum value set: [description, name, tag-key, tag-value, primary-region, "
                                + "owning-service, all]");
        };
    }

    private static boolean wordsMatch(String wanted, String text) {
        List<String> words = words(text).toList();
        return words(wanted).allMatch(word -> words.stream().anyMatch(candidate -> candidate.startsWith(word)));
    }

    private static Stream<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[\\s/]+")).filter(word -> !word.isEmpty());
    }

    private static String everythingOf(Secret secret, String region) {
        String description = secret.description == null ? "" : secret.description;
        return String.join(" ", secret.name, description, secret.tags.words(), region);
    }
}
