#include "cli/program_end.h"

#include <unistd.h>

#include <cstdio>

#include "device/k4a/call_thread.h"

namespace genlock::cli {

int end_program(int exit_code) {
  if (!device::k4a::CallThread::any_abandoned()) return exit_code;
  std::fflush(nullptr);
  _exit(exit_code);
}

}  // namespace genlock::cli
