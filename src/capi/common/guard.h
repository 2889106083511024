#pragma once

#include <exception>
#include <utility>

#include "base/result.h"
#include "capi/common/log.h"
#include "k4a/k4atypes.h"

// The one door between C callers and C++ code: no exception leaves through it, and every failure leaves a
// line in the log. The functions of the C ABI consist of one of these calls with __func__ as the name.

namespace genlock::capi {

/// What `body`, which gives a Result<R>, comes to; `failure` for an error or an exception.
template <class R, class Body>
R guarded(const char* function, R failure, Body&& body, Where where = Where::here()) noexcept {
  try {
    Result<R> result = std::forward<Body>(body)();
    if (result) return *std::move(result);
    log_failure(function, result.error().message(), where);
  } catch (const std::exception& exception) {
    log_failure(function, exception.what(), where);
  } catch (...) {
    log_failure(function, "an exception of unknown kind", where);
  }
  return failure;
}

/// The same for a body that gives a Status.
template <class Body>
k4a_result_t guarded_result(const char* function, Body&& body, Where where = Where::here()) noexcept {
  const auto succeed = [&]() -> Result<k4a_result_t> {
    GENLOCK_TRY(std::forward<Body>(body)());
    return K4A_RESULT_SUCCEEDED;
  };
  return guarded(function, K4A_RESULT_FAILED, succeed, where);
}

/// The same for functions that tell their callers nothing.
template <class Body>
void guarded_void(const char* function, Body&& body, Where where = Where::here()) noexcept {
  (void)guarded_result(function, std::forward<Body>(body), where);
}

/// An error where `pointer` is null; `what` names the parameter.
inline Status check_pointer(const void* pointer, const char* what) {
  if (pointer == nullptr) return Error(Errc::invalid, std::string(what) + " is null");
  return {};
}

}  // namespace genlock::capi
