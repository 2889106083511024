#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "base/thread.h"

namespace genlock {

void for_each_index(std::size_t count, const std::string& name,
                    const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto take_on = [&] {
    for (std::size_t index = next++; index < count; index = next++) work(index);
  };
  const std::size_t threads = std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
  std::vector<Thread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(name + ' ' + std::to_string(i), take_on);
  take_on();
}

}  // namespace genlock
