#include "recording/measure.h"

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>

#include "base/unique_fd.h"

namespace genlock::bench {
namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void write_all(int fd, const std::vector<double>& values) {
  const auto* at = reinterpret_cast<const char*>(values.data());
  std::size_t left = values.size() * sizeof(double);
  while (left > 0) {
    const ssize_t n = ::write(fd, at, left);
    if (n <= 0) return;
    at += n;
    left -= static_cast<std::size_t>(n);
  }
}

std::vector<double> read_all(int fd) {
  std::string bytes;
  char part[65536];
  for (ssize_t n = 0; (n = ::read(fd, part, sizeof part)) > 0;)
    bytes.append(part, static_cast<std::size_t>(n));
  std::vector<double> values(bytes.size() / sizeof(double));
  std::copy_n(bytes.data(), values.size() * sizeof(double), reinterpret_cast<char*>(values.data()));
  return values;
}

[[noreturn]] void be_the_child(int fd, const std::function<Result<Work>()>& work) {
  const Result<Work> done = work();
  if (!done) {
    fmt::print(stderr, "{}\n", done.error().message());
    std::_Exit(1);
  }
  std::vector<double> values{done->seconds};
  values.insert(values.end(), done->values.begin(), done->values.end());
  write_all(fd, values);
  std::_Exit(0);
}

}  // namespace

Result<ChildResult> in_child(const std::function<Result<Work>()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) return error_from_errno(errno, "making a pipe");
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) return error_from_errno(errno, "starting a process");
  if (child == 0) be_the_child(write_end.get(), work);
  { const UniqueFd closed(std::move(write_end)); }
  ChildResult result;
  result.values = read_all(read_end.get());
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || result.values.empty())
    return Error(Errc::io, fmt::format("a measuring process ended with status {:#x}; see above", status));
  result.seconds = result.values.front();
  result.values.erase(result.values.begin());
  result.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  result.peak_mb = static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
  return result;
}

void wait_until(HostTime due) {
  static Mutex mutex;
  static CondVar never;
  MutexLock lock(mutex);
  while (system_clock().now() < due) system_clock().wait(never, mutex, due);
}

void wait_for_frame(HostTime start, std::size_t number) {
  wait_until(start + std::chrono::nanoseconds(33'333'333 * static_cast<std::int64_t>(number)));
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return std::nan("");
  std::ranges::sort(values);
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<std::size_t>(std::ceil(share * last))];
}

double median(std::vector<double> values) {
  return percentile(std::move(values), 0.5);
}

void Table::add(Row row) {
  rows_.push_back(std::move(row));
}
void Table::note(std::string text) {
  notes_.push_back(std::move(text));
}

void Table::print() const {
  fmt::print("\n| figure | official library | ours | wanted | |\n|---|---|---|---|---|\n");
  for (const Row& row : rows_)
    fmt::print("| {} | {} | {} | {} | {} |\n", row.figure, row.rival, row.ours, row.target,
               row.met ? "reached" : "**missed**");
  for (const std::string& note : notes_) fmt::print("\n{}\n", note);
}

}  // namespace genlock::bench
