#include "capi/common/log.h"

namespace genlock::capi {

const char* log_file_variable() {
  return "K4A_RECORD_ENABLE_LOG_TO_A_FILE";
}

}  // namespace genlock::capi
