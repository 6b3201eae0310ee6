/** What all repositories share: ports, lists in pages, the revision a write is conditional on, unique keys. */
@NullMarked
package io.threatengine.onboarding.storage;

import org.jspecify.annotations.NullMarked;
