#pragma once

namespace genlock::cli {

/// What main does last: gives the exit code back. Where a call into a vendor's library hangs, the program
/// ends here instead, since the library's clean-up at exit might wait for that call for ever.
int end_program(int exit_code);

}  // namespace genlock::cli
