/**
 * Everything that can go wrong, as types. All are unchecked and extend {@link
 * io.threatengine.onboarding.error.OnboardingException}; each carries what it speaks of as fields and says in its
 * message what happened, to what, and what to do. Exceptions of an SDK appear as causes only; a secret appears nowhere.
 *
 * <ul>
 *   <li>The caller's input: {@link io.threatengine.onboarding.error.InvalidValueException}, thrown before any call.
 *   <li>The state of the data: {@link io.threatengine.onboarding.error.NotFoundException}, {@link
 *       io.threatengine.onboarding.error.AlreadyExistsException}, {@link
 *       io.threatengine.onboarding.error.VersionConflictException}, {@link
 *       io.threatengine.onboarding.error.IllegalTransitionException}, {@link
 *       io.threatengine.onboarding.error.CredentialUnavailableException}, {@link
 *       io.threatengine.onboarding.error.MalformedDataException}.
 *   <li>The service behind it: {@link io.threatengine.onboarding.error.ServiceException} and its subclasses.
 * </ul>
 */
@NullMarked
package io.threatengine.onboarding.error;

import org.jspecify.annotations.NullMarked;
