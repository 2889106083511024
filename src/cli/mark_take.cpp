#include "cli/mark_take.h"

#include <fmt/core.h>

#include <vector>

#include "cli/exit_code.h"
#include "cli/output.h"
#include "rig/mark_socket.h"

namespace genlock::cli {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> running_takes() {
  std::vector<fs::path> running;
  if (rig::takes_marks(".")) running.push_back(".");
  std::error_code ended;
  for (fs::directory_iterator entry(".", ended), end; !ended && entry != end; entry.increment(ended)) {
    std::error_code none;
    if (entry->is_directory(none) && rig::takes_marks(entry->path())) running.push_back(entry->path());
  }
  return running;
}

Result<fs::path> running_take() {
  const std::vector<fs::path> running = running_takes();
  if (running.size() == 1) return running.front();
  if (running.empty())
    return Error(Errc::not_found,
                 "no take is being recorded into this folder; --take FOLDER says where one is");
  return Error(Errc::invalid,
               fmt::format("{} takes are being recorded here; --take FOLDER says which one", running.size()));
}

Result<std::int64_t> mark(const MarkRequest& request) {
  if (request.folder) return rig::send_mark(*request.folder, request.text);
  GENLOCK_ASSIGN(const fs::path folder, running_take());
  return rig::send_mark(folder, request.text);
}

}  // namespace

int mark_take(const MarkRequest& request) {
  const auto pulse = mark(request);
  if (!pulse) return fail("genlock mark", pulse.error().message());
  fmt::print("Marked pulse {}\n", *pulse);
  return kDone;
}

}  // namespace genlock::cli
