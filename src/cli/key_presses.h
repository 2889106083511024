#pragma once

#include <functional>
#include <memory>

namespace genlock::cli {

/// Calls `on_key` for each key that is pressed on this program's terminal, without echo, while it has the
/// terminal to itself: nothing happens where standard input is none, or another program's. The destructor
/// gives the terminal back as it was.
///
/// Threads: "keys", which calls `on_key`, ended by the destructor.
class KeyPresses {
 public:
  explicit KeyPresses(std::function<void(char key)> on_key);
  ~KeyPresses();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace genlock::cli
