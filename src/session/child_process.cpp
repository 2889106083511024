#include "session/child_process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace genlock::session {
namespace {

/// posix_spawn's two descriptions of what happens in the child before it becomes the program.
struct SpawnRules {
  SpawnRules() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnRules() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }
  SpawnRules(const SpawnRules&) = delete;
  SpawnRules& operator=(const SpawnRules&) = delete;

  void inherit(int fd, int output) {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fd, ChildProcess::kInherited);
  }
  void block(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : signals) sigaddset(&set, signal);
    posix_spawnattr_setsigmask(&attributes, &set);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

std::string in_words(int status) {
  if (WIFSIGNALED(status))
    return fmt::format("was ended by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

void wait_for_end(int pid, HostDuration patience) {
  const UniqueFd process(
      static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));  // 2.36's declaration is not of C
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
  pollfd source{process.get(), POLLIN, 0};
  int ended = 0;
  do ended = poll(&source, 1, static_cast<int>(ms));
  while (ended < 0 && errno == EINTR);
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& command, const UniqueFd& inherited,
                                         const UniqueFd& output) {
  SpawnRules rules;
  rules.inherit(inherited.get(), output.get());
  rules.block({SIGINT, SIGTERM, SIGHUP});
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t pid = -1;
  const int failure = posix_spawn(&pid, words[0], &rules.actions, &rules.attributes, words.data(), environ);
  if (failure != 0) return error_from_errno(failure, "starting " + command[0] + " in a process of its own");
  return ChildProcess(pid);
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0) return;
  kill();
  static_cast<void>(wait(HostDuration::zero()));
}

void ChildProcess::kill() const {
  ::kill(pid_, SIGKILL);
}

std::string ChildProcess::wait(HostDuration patience) {
  wait_for_end(pid_, patience);
  int status = 0;
  pid_t ended = waitpid(pid_, &status, WNOHANG);
  if (ended == 0) {
    kill();
    do ended = waitpid(pid_, &status, 0);
    while (ended < 0 && errno == EINTR);
  }
  pid_ = -1;
  return in_words(status);
}

}  // namespace genlock::session
