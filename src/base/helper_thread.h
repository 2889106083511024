#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>

namespace genlock {

/// A second thread for work that its caller waits for: both take one piece after the other, and what the
/// thread does not come to in time is the caller's, so nothing waits for it to wake up, and it does not take
/// the caller's own processor when it does. It is made by the first job where there is a second processor,
/// and sleeps between jobs, unless they follow one another within microseconds. Where it is missing (one
/// processor, no more threads to be had, a child by fork()), and for a while after the system let it wait
/// with a piece in hand, callers do all pieces.
class HelperThread {
 public:
  /// `name` as Thread has it.
  explicit HelperThread(std::string name);
  ~HelperThread();
  HelperThread(const HelperThread&) = delete;
  HelperThread& operator=(const HelperThread&) = delete;

  /// Calls work(0) to work(pieces - 1), each once, some of them at the same time, and returns when all are
  /// done. From any thread; of several calls at once one has help. Allocates nothing but in the first call.
  template <class Work>
  void run(std::size_t pieces, const Work& work) {
    static_assert(std::is_nothrow_invocable_v<const Work&, std::size_t>, "no error could leave the thread");
    run({pieces, &work,
         [](const void* self, std::size_t piece) noexcept { (*static_cast<const Work*>(self))(piece); }});
  }

 private:
  struct Job {
    std::size_t pieces = 0;
    const void* work = nullptr;
    void (*call)(const void* work, std::size_t piece) noexcept = nullptr;
  };
  class Helper;

  void run(const Job& job);
  bool run_with_help(const Job& job);
  Helper* helper();
  std::unique_ptr<Helper> make_helper() const;

  const std::string name_;
  std::atomic_flag busy_;           ///< whoever set it owns the rest until it is cleared
  bool tried_ = false;              ///< to make the thread
  int alone_ = 0;                   ///< that many jobs more
  std::unique_ptr<Helper> helper_;  ///< null where there is none
};

}  // namespace genlock
