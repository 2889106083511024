#pragma once

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/error.h"

namespace genlock {

/// A value or an Error, with the member names of std::expected (which g++ 12 and clang 14 lack in C++20).
/// value() and operator* need has_value(); error() needs its absence: both abort otherwise through std::variant.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : data_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : data_(std::in_place_index<1>, std::move(error)) {}
  template <class U>
    requires(std::is_convertible_v<U &&, T> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
             !std::is_same_v<std::remove_cvref_t<U>, Error> && !std::is_same_v<std::remove_cvref_t<U>, T>)
  Result(U&& value) : data_(std::in_place_index<0>, std::forward<U>(value)) {}

  bool has_value() const { return data_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return std::get<0>(data_); }
  const T& value() const& { return std::get<0>(data_); }
  T&& value() && { return std::get<0>(std::move(data_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  template <class U>
  T value_or(U&& other) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(other));
  }

  const Error& error() const { return std::get<1>(data_); }

  /// The same result; an error gets `doing` put in front of its message.
  Result context(std::string_view doing) && {
    if (has_value()) return std::move(*this);
    return error().context(doing);
  }

 private:
  std::variant<T, Error> data_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const { return error_.value(); }

  Result context(std::string_view doing) && {
    if (has_value()) return {};
    return error_->context(doing);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

#define GENLOCK_CONCAT_INNER(a, b) a##b
#define GENLOCK_CONCAT(a, b) GENLOCK_CONCAT_INNER(a, b)

/// Returns the error of a Result from the enclosing function, or goes on.
#define GENLOCK_TRY(expr)                                   \
  do {                                                      \
    if (auto genlock_try_ = (expr); !genlock_try_) return genlock_try_.error(); \
  } while (false)

/// GENLOCK_ASSIGN(auto x, f()): the value of a Result, or its error returned from the enclosing function.
#define GENLOCK_ASSIGN(decl, expr) GENLOCK_ASSIGN_INNER(GENLOCK_CONCAT(genlock_result_, __LINE__), decl, expr)
#define GENLOCK_ASSIGN_INNER(tmp, decl, expr) \
  auto tmp = (expr);                          \
  if (!tmp) return tmp.error();               \
  decl = *std::move(tmp)

}  // namespace genlock
