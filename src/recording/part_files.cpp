#include "recording/part_files.h"

#include <fmt/core.h>

namespace genlock::recording {

PartFiles::PartFiles(const RecordingInfo& info, const WriterOptions& options)
    : info_(info), options_(options), identities_(options.uid_seed, options.split.on()) {
  if (!options_.uid_seed) options_.uid_seed = fresh_seed();  // a track has the same UID in every part
}

Result<FileWriter> PartFiles::begin(std::unique_ptr<ByteSink> sink) {
  if (options_.split.on() && !options_.split.next_part)
    return Error(Errc::invalid, "a recording that is to be split needs files for its parts");
  GENLOCK_ASSIGN(FileHeader header, FileHeader::make(info_, options_, identities_.next()));
  return FileWriter::create(std::move(sink), std::move(header), options_);
}

Result<FileWriter> PartFiles::begin_next() {
  Result<std::unique_ptr<ByteSink>> sink = options_.split.next_part(++parts_);
  if (!sink) return sink.error().context(fmt::format("beginning part {}", parts_));
  Result<FileWriter> file = begin(*std::move(sink));
  if (!file) drop_last();
  return file;
}

void PartFiles::drop_last() {
  if (options_.split.drop_part) options_.split.drop_part(parts_);
}

}  // namespace genlock::recording
