/**
 * What an installation costs a month: a dated price table, a workload, and the bill of the two, item by item. It calls no
 * service.
 *
 * <pre>{@code
 * Workload workload = Workload.builder().accounts(100).schedules(100).runsPerDay(2_400).credentialReadsPerDay(24_000).build();
 * CostEstimate estimate = CostEstimate.of(workload, PriceTable.published().region("ap-south-1"));
 * estimate.lines().forEach(System.out::println);
 * System.out.printf("%.2f, saved by the cache: %.2f%n", estimate.dollars(), estimate.savedByCache());
 * }</pre>
 */
@NullMarked
package io.threatengine.onboarding.infrastructure.cost;

import org.jspecify.annotations.NullMarked;
