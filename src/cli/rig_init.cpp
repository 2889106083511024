#include "cli/rig_init.h"

#include <fmt/core.h>

#include "base/file.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/text.h"
#include "rig/rig_init.h"

namespace genlock::cli {
namespace {

Status save(const RigInitRequest& request, const std::string& text) {
  auto file = create_file(request.file, request.force ? IfExists::replace : IfExists::refuse);
  if (!file && file.error().code() == Errc::exists) return file.error().context("--force replaces a file");
  if (!file) return file.error();
  return (*file)->append(std::as_bytes(std::span(text)));
}

std::string told(const RigInitRequest& request, const rig::RigDraft& draft) {
  const std::string file = request.file.string();
  std::string text = fmt::format("wrote {}: {}", file, counted(draft.units, "unit"));
  if (draft.left > 0) text += fmt::format("; {} left out, the file says why", counted(draft.left, "unit"));
  text += draft.holds ? "" : "; its plan does not hold, genlock plan says why";
  return text + fmt::format("\nnext: look through it, then genlock doctor {}\n", file);
}

Status write(const RigInitRequest& request) {
  GENLOCK_ASSIGN(auto units, choose_units(request.units));
  GENLOCK_ASSIGN(const rig::RigDraft draft, rig::draft_rig(*units, rig::local_host(".")));
  if (request.file.empty()) {
    fmt::print("{}", draft.text);
    return {};
  }
  GENLOCK_TRY(save(request, draft.text));
  fmt::print("{}", told(request, draft));
  return {};
}

}  // namespace

int write_rig(const RigInitRequest& request) {
  const Status written = write(request);
  if (written) return kDone;
  return fail("genlock rig init", written.error().message());
}

}  // namespace genlock::cli
