#include "support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>

namespace genlock::test {
namespace {

/// A new terminal's keyboard.
UniqueFd open_keyboard() {
  UniqueFd keyboard(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (keyboard.get() < 0 || grantpt(keyboard.get()) != 0 || unlockpt(keyboard.get()) != 0)
    throw std::runtime_error("no terminal");
  return keyboard;
}

/// Standard input becomes the terminal of this keyboard, which becomes this process' own.
void take_terminal(int keyboard) {
  std::array<char, 64> name{};
  if (ptsname_r(keyboard, name.data(), name.size()) != 0 || setsid() < 0) _exit(127);
  const int terminal = open(name.data(), O_RDWR);  // the first that a leader of a session opens is its own
  if (terminal < 0 || dup2(terminal, STDIN_FILENO) < 0) _exit(127);
}

[[noreturn]] void become(const std::vector<std::string>& command, const Process::Options& options, int output,
                         int keyboard) {
  if (options.terminal) take_terminal(keyboard);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  for (const auto& [name, value] : options.environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  if (chdir(options.directory.c_str()) == 0) execvp(words[0], words.data());
  _exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const Options& options) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pipe_ = UniqueFd(ends[0]);
  const UniqueFd write_end(ends[1]);
  if (options.terminal) keyboard_ = open_keyboard();
  pid_ = fork();
  if (pid_ == 0) become(command, options, write_end.get(), keyboard_.get());
}

Process::~Process() {
  if (exit_code_ >= 0) return;
  signal(SIGKILL);
  static_cast<void>(wait());
}

bool Process::read_more() {
  std::array<char, 4096> chunk{};
  ssize_t n = 0;
  do n = read(pipe_.get(), chunk.data(), chunk.size());
  while (n < 0 && errno == EINTR);
  if (n > 0) output_.append(chunk.data(), static_cast<std::size_t>(n));
  return n > 0;
}

bool Process::wait_for(std::string_view text, std::size_t from) {
  while (output_.find(text, from) == std::string::npos)
    if (!read_more()) return false;
  return true;
}

int Process::wait() {
  if (exit_code_ >= 0) return exit_code_;
  while (read_more()) {
  }
  int status = 0;
  rusage used{};
  while (wait4(pid_, &status, 0, &used) < 0 && errno == EINTR) {
  }
  peak_rss_bytes_ = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

void Process::type(std::string_view keys) const {
  if (write(keyboard_.get(), keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::runtime_error("nothing typed");
}

void Process::signal(int number) const {
  kill(pid_, number);
}

}  // namespace genlock::test
