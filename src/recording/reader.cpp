#include "recording/reader.h"

#include <fmt/core.h>

#include "recording/capture_reader.h"
#include "recording/imu_reader.h"
#include "recording/survey.h"

namespace genlock::recording {

struct Reader::Impl {
  Impl(std::unique_ptr<ByteSource> bytes, FileContents found, FileLayout meaning,
       std::vector<std::string> noted)
      : source(std::move(bytes)),
        contents(std::move(found)),
        layout(std::move(meaning)),
        open_problems(std::move(noted)) {
    rewind();
  }

  void rewind() {
    captures = std::make_unique<CaptureReader>(*source, layout);
    imu = std::make_unique<ImuReader>(*source, layout);
  }

  const std::unique_ptr<ByteSource> source;
  const FileContents contents;
  const FileLayout layout;
  const std::vector<std::string> open_problems;
  std::unique_ptr<CaptureReader> captures;
  std::unique_ptr<ImuReader> imu;
};

Result<std::unique_ptr<Reader>> Reader::open(std::unique_ptr<ByteSource> source, ReaderOptions) {
  mkv::Input input(*source);
  GENLOCK_ASSIGN(FileContents contents, read_contents(input));
  GENLOCK_ASSIGN(FileLayout layout, make_layout(input, contents));
  GENLOCK_TRY(input.status());
  return std::unique_ptr<Reader>(new Reader(
      std::make_unique<Impl>(std::move(source), std::move(contents), std::move(layout), input.problems())));
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::~Reader() = default;

const RecordingInfo& Reader::info() const {
  return impl_->layout.info;
}
Result<std::optional<Capture>> Reader::next_capture() {
  return impl_->captures->next();
}
Result<std::optional<ImuSample>> Reader::next_imu_sample() {
  return impl_->imu->next();
}
void Reader::rewind() {
  impl_->rewind();
}

std::vector<std::string> Reader::problems() const {
  std::vector<std::string> all = impl_->open_problems;
  for (const auto& more : {impl_->captures->problems(), impl_->imu->problems()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

Result<Survey> Reader::survey() {
  return survey_file(*impl_->source, impl_->contents, impl_->layout, impl_->open_problems);
}

}  // namespace genlock::recording
