#pragma once

#include <string>

#include "base/queue.h"
#include "base/thread.h"

namespace genlock::cli {

/// Prints on a thread of its own, so that a terminal or pipe that stands still holds up nobody who prints.
/// Bounded: while it stands still, what comes beyond 4096 texts is dropped. Any thread.
///
/// Threads: "print", ended by the destructor when all is printed.
class Printer {
 public:
  Printer();
  ~Printer();

  void out(std::string text);
  void err(std::string text);

 private:
  struct Text {
    bool to_err = false;
    std::string text;
  };
  void print();

  BoundedQueue<Text> texts_;
  Thread thread_;
};

}  // namespace genlock::cli
