#include "capi/common/enum_number.h"
#include "capi/common/guard.h"
#include "capi/k4a/allocator.h"
#include "k4a/k4a.h"

// What concerns the library as a whole: its log and its memory.

namespace genlock::capi {

const char* log_file_variable() {
  return "K4A_ENABLE_LOG_TO_A_FILE";
}

}  // namespace genlock::capi

using namespace genlock;
using namespace genlock::capi;

extern "C" {

k4a_result_t k4a_set_debug_message_handler(k4a_logging_message_cb_t* message_cb, void* message_cb_context,
                                           k4a_log_level_t min_level) {
  return guarded_result(__func__, [&]() -> Status {
    if (message_cb == nullptr) return set_message_handler(nullptr, nullptr, K4A_LOG_LEVEL_OFF);
    if (number_of(min_level) > K4A_LOG_LEVEL_OFF) return Error(Errc::invalid, "min_level is no log level");
    return set_message_handler(message_cb, message_cb_context, min_level);
  });
}

k4a_result_t k4a_set_allocator(k4a_memory_allocate_cb_t* allocate, k4a_memory_destroy_cb_t* free_memory) {
  return guarded_result(__func__, [&] { return set_allocator(allocate, free_memory); });
}

}  // extern "C"
