#include "recording/part.h"

namespace genlock::recording {

Part::Part(std::unique_ptr<ByteSource> bytes, std::filesystem::path at)
    : source(std::move(bytes)),
      path(std::move(at)),
      input(*source),
      cues(input, contents, layout),
      cued_blocks(input, layout, cues) {}

Result<std::unique_ptr<Part>> Part::open(std::unique_ptr<ByteSource> source, std::filesystem::path path) {
  auto part = std::make_unique<Part>(std::move(source), std::move(path));
  GENLOCK_ASSIGN(part->contents, read_contents(part->input));
  GENLOCK_ASSIGN(part->layout, make_layout(part->input, part->contents));
  GENLOCK_TRY(part->input.status());
  part->open_problems = part->input.problems();
  part->clusters.emplace(part->input, part->contents, part->layout, part->cues, part->cued_blocks);
  return part;
}

}  // namespace genlock::recording
