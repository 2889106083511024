#include "odd_world.h"

#include <chrono>
#include <cstdlib>
#include <map>
#include <sstream>

namespace odd {
namespace {

struct World {
  std::mutex mutex;
  std::map<std::string, std::string> words;
  k4a_logging_message_cb_t* handler = nullptr;
  void* context = nullptr;
  k4a_log_level_t level = K4A_LOG_LEVEL_OFF;
  bool released = false;
  int hanging = 0;
  std::condition_variable changed;  ///< destroyed at exit, which waits for those who hang in it

  World() {
    if (const char* words_of_environment = std::getenv("ODD_K4A")) take(words_of_environment);
  }
  void take(const std::string& text) {
    words.clear();
    std::istringstream in(text);
    for (std::string each; in >> each;) {
      const auto equals = each.find('=');
      words[each.substr(0, equals)] = equals == each.npos ? "" : each.substr(equals + 1);
    }
  }
};

World& world() {
  static World the_world;
  return the_world;
}

}  // namespace

std::optional<std::string> word(const std::string& key) {
  const std::lock_guard lock(world().mutex);
  const auto found = world().words.find(key);
  return found == world().words.end() ? std::nullopt : std::optional(found->second);
}

bool said(const std::string& key, const std::string& value) {
  return word(key) == value;
}

int number(const std::string& key, int otherwise) {
  const auto value = word(key);
  return value ? std::stoi(*value) : otherwise;
}

void say(k4a_log_level_t level, const std::string& text) {
  const std::lock_guard lock(world().mutex);
  if (world().handler != nullptr && level <= world().level)
    world().handler(world().context, level, "odd.cpp", 1, text.c_str());
}

void hang() {
  std::unique_lock lock(world().mutex);
  ++world().hanging;
  world().changed.wait(lock, [] { return world().released; });
  --world().hanging;
}

void linger(int ms) {
  std::unique_lock lock(world().mutex);
  world().changed.wait_for(lock, std::chrono::milliseconds(ms), [] { return world().released; });
}

}  // namespace odd

using namespace odd;

extern "C" {

void odd_behave(const char* words) {
  const std::lock_guard lock(world().mutex);
  world().take(words);
  world().released = false;
}

void odd_release() {
  const std::lock_guard lock(world().mutex);
  world().released = true;
  world().changed.notify_all();
}

int odd_hanging() {
  const std::lock_guard lock(world().mutex);
  return world().hanging;
}

#ifndef ODD_WITHOUT_LOG
k4a_result_t k4a_set_debug_message_handler(k4a_logging_message_cb_t* handler, void* context,
                                           k4a_log_level_t level) {
  const std::lock_guard lock(world().mutex);
  world().handler = handler;
  world().context = context;
  world().level = level;
  return K4A_RESULT_SUCCEEDED;
}
#endif

}  // extern "C"
