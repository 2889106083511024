#pragma once

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/result.h"

namespace genlock::test {

/// Values on their way out of a child process: pass() writes them there and reads them here, in the same
/// order.
class Parcel {
 public:
  Parcel() : file_(fdopen(memfd_create("parcel", MFD_CLOEXEC), "w+")) {}
  ~Parcel() { fclose(file_); }
  Parcel(const Parcel&) = delete;
  Parcel& operator=(const Parcel&) = delete;

  void pass(void* bytes, std::size_t size) {
    const std::size_t passed = opened_ ? fread(bytes, 1, size, file_) : fwrite(bytes, 1, size, file_);
    whole_ = whole_ && passed == size;
  }

  /// For the one who writes: whether everything is in it.
  bool close() { return fflush(file_) == 0 && whole_; }

  /// For the one who reads.
  void open() {
    rewind(file_);
    opened_ = true;
  }

 private:
  FILE* const file_;
  bool opened_ = false;
  bool whole_ = true;
};

template <class T>
requires std::is_trivially_copyable_v<T>
void pass(Parcel& parcel, T& value) {
  parcel.pass(&value, sizeof value);
}

inline void pass(Parcel& parcel, std::string& text) {
  std::size_t size = text.size();
  pass(parcel, size);
  text.resize(size);
  parcel.pass(text.data(), size);
}

template <class T>
void pass(Parcel& parcel, std::vector<T>& values) {
  std::size_t size = values.size();
  pass(parcel, size);
  values.resize(size);
  for (T& value : values) pass(parcel, value);
}

template <class T>
requires(!std::is_trivially_copyable_v<T>) void pass(Parcel& parcel, std::optional<T>& value) {
  bool there = value.has_value();
  pass(parcel, there);
  if (there && !value) value.emplace();
  if (there) pass(parcel, *value);
}

constexpr int kCrashesBorne = 3;
constexpr unsigned kChildSeconds = 120;  // a spoilt heap may also stand still

/// What `work` gives, done in a process of its own, once more where that crashes. There must be a pass() for
/// T.
template <class T>
Result<T> in_child(const std::function<Result<T>()>& work) {
  for (int crashes = 0; crashes <= kCrashesBorne; ++crashes) {
    Parcel parcel;
    std::string error;
    const pid_t child = fork();
    if (child == 0) {
      alarm(kChildSeconds);
      Result<T> done = work();
      if (!done) error = done.error().message();
      pass(parcel, error);
      if (done) pass(parcel, *done);
      _exit(parcel.close() ? 0 : 1);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || (WIFEXITED(status) && WEXITSTATUS(status) != 0))
      return Error(Errc::io, "a child process could not tell what it found");
    if (WIFSIGNALED(status)) continue;
    parcel.open();
    pass(parcel, error);
    if (!error.empty()) return Error(Errc::corrupt, error);
    T found{};
    pass(parcel, found);
    return found;
  }
  return Error(Errc::corrupt, "it crashed every time");
}

}  // namespace genlock::test
