#include "device/sim/shared_bench.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/capture.h"
#include "base/clock.h"
#include "device/sim/chance.h"
#include "device/sim/unit_counter.h"
#include "device/sim/unit_timeline.h"

namespace genlock::device::sim {
namespace {

constexpr std::uint64_t kMagic = 0x31686e65426b6347;  // "GckBenh1"
constexpr std::uint32_t kLayout = 4;
constexpr off_t kUnitLocks = off_t{1} << 40;  ///< beyond the end: bytes that exist for locking only
/// A waiting thread looks around this often, should a process die between an event and the call that wakes
/// others.
constexpr HostDuration kWaitLimit = std::chrono::milliseconds(500);
/// While time waits for somebody, the others look as often whether it goes on.
constexpr HostDuration kHeldLook = std::chrono::milliseconds(1);

struct flock unit_lock(std::size_t unit) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kUnitLocks + static_cast<off_t>(unit);
  lock.l_len = 1;
  return lock;
}

Result<UniqueFd> open_file_at(const std::filesystem::path& path, int flags) {
  UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (!fd) return error_from_errno(errno, fmt::format("opening the bench's state {}", path.string()));
  return fd;
}

Status make_private_directory(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory.parent_path(), error);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return error_from_errno(errno, fmt::format("making the bench's state directory {}", directory.string()));
  }
  struct stat info {};
  if (::stat(directory.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid()) {
    return Error(Errc::io,
                 fmt::format("{} is not a directory of this user; set GENLOCK_STATE_DIR to one that is",
                             directory.string()));
  }
  return {};
}

}  // namespace

struct SharedBench::File {
  struct Use {
    std::atomic<std::int32_t> pid;
    std::atomic<std::uint64_t> captures, color_frames, depth_frames, imu_samples, pulses, captures_dropped;
    std::atomic<bool> locked;
  };

  std::uint64_t magic;
  std::uint32_t layout;
  std::uint32_t size;
  std::uint64_t fingerprint;
  std::array<char, 64> machine_boot;
  std::array<std::uint64_t, 2> instance;
  HostTime boot;
  WallTime wall_boot;
  std::int64_t speed_ppb;
  bool is_stepped;
  std::atomic<std::int64_t> stepped_ns;
  std::atomic<std::uint32_t> wake;
  bool is_retired;  ///< under the mutex, as all that follows
  pthread_mutex_t mutex;
  std::atomic<std::uint64_t>
      sequence;                      ///< atomic so that a death between two stores cannot show them reordered
  std::array<BenchState, 2> states;  ///< that after `sequence` events is number sequence % 2
  std::array<Event, kEvents> events;
  std::array<Use, kMaxUnits> uses;
  PatientClock patient_clock;
};

static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
              std::atomic<std::uint32_t>::is_always_lock_free);

namespace {

/// What one unit is set to is its own affair; anything else may change what others deliver.
SharedBench::Readers concerned_by(const Event& event) {
  switch (event.kind) {
    case EventKind::control:
    case EventKind::stall:
    case EventKind::drop:
    case EventKind::refuse_open:
      return SharedBench::readers_of(event.unit);
    default:
      return SharedBench::kEveryReader;
  }
}

std::array<char, 64> machine_boot() {
  std::array<char, 64> text{};
  const std::string id = this_host().boot_id;
  std::memcpy(text.data(), id.data(), std::min(id.size(), text.size() - 1));
  return text;
}

void make_shared_mutex(pthread_mutex_t& mutex) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

}  // namespace

SharedBench::SharedBench(std::filesystem::path path, const BenchConfig& config, UniqueFd fd, File* file)
    : path_(std::move(path)), config_(config), wiring_(config), fd_(std::move(fd)), file_(file) {}

SharedBench::~SharedBench() {
  ::munmap(file_, sizeof(File));
}

Result<std::unique_ptr<SharedBench>> SharedBench::attach(const std::filesystem::path& directory,
                                                         const std::string& name, const BenchConfig& config) {
  GENLOCK_TRY(make_private_directory(directory));
  GENLOCK_ASSIGN(const UniqueFd guard, open_file_at(directory / (name + ".lock"), O_RDWR | O_CREAT));
  while (::flock(guard.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return error_from_errno(errno, "locking the bench's state");
  }
  return attach_or_make(directory / (name + ".bench"), config);
}

Result<std::unique_ptr<SharedBench>> SharedBench::attach_or_make(const std::filesystem::path& path,
                                                                 const BenchConfig& config) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) return create(path, config);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || info.st_size != static_cast<off_t>(sizeof(File)))
    return create(path, config);
  GENLOCK_ASSIGN(auto bench, map(path, config, std::move(fd)));
  if (!bench->usable()) return create(path, config);
  if (bench->file_->fingerprint == fingerprint(config)) return bench;
  GENLOCK_TRY(bench->retire());
  return create(path, config);
}

Result<std::unique_ptr<SharedBench>> SharedBench::map(const std::filesystem::path& path,
                                                      const BenchConfig& config, UniqueFd fd) {
  void* memory = ::mmap(nullptr, sizeof(File), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (memory == MAP_FAILED)
    return error_from_errno(errno, fmt::format("mapping the bench's state {}", path.string()));
  return std::unique_ptr<SharedBench>(
      new SharedBench(path, config, std::move(fd), static_cast<File*>(memory)));
}

/// Whether a file of the right size is one of this layout, made since the machine booted, and not given up by
/// a process that died before it had made another.
bool SharedBench::usable() const {
  return file_->magic == kMagic && file_->layout == kLayout && file_->size == sizeof(File) &&
         file_->machine_boot == machine_boot() && !file_->is_retired;
}

Result<std::unique_ptr<SharedBench>> SharedBench::create(const std::filesystem::path& path,
                                                         const BenchConfig& config) {
  std::filesystem::path unfinished = path;
  unfinished += ".new";
  GENLOCK_ASSIGN(UniqueFd fd, open_file_at(unfinished, O_RDWR | O_CREAT | O_TRUNC));
  if (const int error = ::posix_fallocate(fd.get(), 0, sizeof(File)); error != 0) {
    return error_from_errno(error, fmt::format("making the bench's state {}", path.string()));
  }
  GENLOCK_ASSIGN(auto bench, map(path, config, std::move(fd)));
  File& file = *new (bench->file_) File{};
  file.layout = kLayout;
  file.size = sizeof(File);
  file.fingerprint = fingerprint(config);
  file.machine_boot = machine_boot();
  if (::getrandom(file.instance.data(), sizeof(file.instance), 0) != sizeof(file.instance)) {
    return error_from_errno(errno, "making the bench's state");
  }
  file.boot = system_clock().now();
  file.wall_boot = system_clock().wall_now();
  file.speed_ppb = std::llround(config.speed * static_cast<double>(kBillion));
  file.is_stepped = config.stepped;
  make_shared_mutex(file.mutex);
  file.states[0] = initial_state(config, file.boot);
  file.magic = kMagic;
  if (::rename(unfinished.c_str(), path.c_str()) != 0) {
    return error_from_errno(errno, fmt::format("making the bench's state {}", path.string()));
  }
  return bench;
}

/// Makes a file unusable for those that have it mapped, unless they have a unit of it. Who takes one after
/// the look at it here finds the file retired: that is asked under the same mutex, after the taking.
Status SharedBench::retire() {
  const Lock lock(*this);
  for (std::size_t i = 0; i < kMaxUnits; ++i) {
    if (!unit_taken(i)) continue;
    return Error(
        Errc::busy,
        fmt::format("bench {} is in use with another configuration (process {} has a unit of it open); close "
                    "it first, or set GENLOCK_STATE_DIR to a directory of your own",
                    config_.name, file_->uses[i].pid.load()));
  }
  file_->is_retired = true;
  return {};
}

SharedBench::Lock::Lock(SharedBench& bench) : bench_(bench) {
  // A process died with the lock: its event was published in full or not at all, so there is nothing to mend.
  if (pthread_mutex_lock(&bench_.file_->mutex) == EOWNERDEAD) pthread_mutex_consistent(&bench_.file_->mutex);
}

SharedBench::Lock::~Lock() {
  pthread_mutex_unlock(&bench_.file_->mutex);
  if (concerned_ != 0) bench_.wake(concerned_);
}

const BenchState& SharedBench::Lock::state() const {
  return bench_.file_->states[sequence() % 2];
}

std::uint64_t SharedBench::Lock::sequence() const {
  return bench_.file_->sequence.load();
}

bool SharedBench::Lock::retired() const {
  return bench_.file_->is_retired;
}

void SharedBench::Lock::append(const Event& event) {
  File& file = *bench_.file_;
  const std::uint64_t next = sequence() + 1;
  BenchState& state = file.states[next % 2];
  state = file.states[sequence() % 2];
  apply(state, event, bench_.config_, bench_.wiring_);
  file.events[sequence() % kEvents] = event;
  file.sequence.store(next);
  concerned_ |= concerned_by(event);
  if (bench_.config_.patient) bench_.raise_hopes(event, state);
}

const Event* SharedBench::Lock::event(std::uint64_t sequence) const {
  // The slot of the oldest may hold the beginning of one that its writer did not live to publish.
  if (this->sequence() - sequence >= kEvents) return nullptr;
  return &bench_.file_->events[sequence % kEvents];
}

HostTime SharedBench::boot() const {
  return file_->boot;
}
bool SharedBench::stepped() const {
  return file_->is_stepped;
}

/// Since the boot, had time never waited for anybody.
HostDuration SharedBench::running_time() const {
  const Int128 real = (system_clock().now() - file_->boot).count();
  return HostDuration(static_cast<std::int64_t>(real * file_->speed_ppb / kBillion));
}

PatientClock::Look SharedBench::look() const {
  return file_->patient_clock.look(running_time(), system_clock().now(),
                                   {.units = config_.units.size(),
                                    .patience = config_.patience,
                                    .taken = [this](std::size_t unit) { return unit_taken(unit); }});
}

HostTime SharedBench::now() const {
  if (file_->is_stepped) return file_->boot + HostDuration(file_->stepped_ns.load());
  return file_->boot + (config_.patient ? look().now : running_time());
}

std::optional<std::size_t> SharedBench::held_by() const {
  return config_.patient ? look().held_by : std::nullopt;
}

HostDuration SharedBench::waited() const {
  return file_->patient_clock.behind();
}

void SharedBench::reader_is_safe(std::size_t unit, Reader reader, HostTime until) {
  if (!config_.patient) return;
  const HostTime real = system_clock().now();
  if (until == kForever) return file_->patient_clock.nothing_in_sight(unit, reader, real);
  file_->patient_clock.read_up_to(unit, reader, until - file_->boot, real);
}

void SharedBench::reader_is_done(std::size_t unit, Reader reader) {
  file_->patient_clock.done(unit, reader);
}

/// An event that may let pulses come where there were none: who waits for the first one must be waited for
/// again, whether it gets to look in time or not.
void SharedBench::raise_hopes(const Event& event, const BenchState& after) {
  const bool may = event.kind == EventKind::start
                       ? event.config.sync_mode == WiredSyncMode::master
                       : event.kind == EventKind::jack || event.kind == EventKind::power ||
                             event.kind == EventKind::trigger;
  if (!may) return;
  const HostTime pulse = event.kind == EventKind::start ? after.units[event.unit].train.start : event.time;
  const HostTime real = system_clock().now();
  for (std::size_t i = 0; i < config_.units.size(); ++i) {
    const CameraConfig& cameras = after.units[i].config;
    const HostTime first = earliest_delivery(config_.units[i], cameras, pulse, 0);
    file_->patient_clock.in_sight(i, Reader::captures, first + capture_slack(cameras) - file_->boot, real);
    file_->patient_clock.in_sight(i, Reader::imu, pulse + kImuSlack - file_->boot, real);
  }
}

WallTime SharedBench::wall_now() const {
  return file_->wall_boot + (now() - file_->boot);
}

HostTime SharedBench::real_time(HostTime t) const {
  if (t == kForever || file_->is_stepped) return kForever;
  const Int128 passed = Int128((t - file_->boot).count()) + waited().count();
  const Int128 real = passed * kBillion / file_->speed_ppb + 1;
  const Int128 limit = (kForever - file_->boot).count();
  return real >= limit ? kForever : file_->boot + HostDuration(static_cast<std::int64_t>(real));
}

void SharedBench::step(HostDuration by) {
  file_->stepped_ns += by.count();
  wake();
}

std::uint32_t SharedBench::wake_word() const {
  return file_->wake.load();
}

void SharedBench::wake(Readers readers) const {
  ++file_->wake;
  ::syscall(SYS_futex, &file_->wake, FUTEX_WAKE_BITSET, INT_MAX, nullptr, nullptr, readers);
}

void SharedBench::wait(std::uint32_t word, HostTime deadline, Readers readers) const {
  const HostTime real = system_clock().now();
  HostTime until = std::min(real_time(deadline), real + kWaitLimit);
  if (held_by()) until = std::max(until, real + kHeldLook);
  const std::int64_t ns = count_ns(until);
  const timespec limit{.tv_sec = ns / kBillion, .tv_nsec = ns % kBillion};
  ::syscall(SYS_futex, &file_->wake, FUTEX_WAIT_BITSET, word, &limit, nullptr, readers);
}

Result<UniqueFd> SharedBench::take_unit(std::size_t unit) {
  // A lock of its own descriptor, on the very file that is mapped here: it excludes this process too.
  GENLOCK_ASSIGN(UniqueFd fd, open_file_at(fmt::format("/proc/self/fd/{}", fd_.get()), O_RDWR));
  struct flock lock = unit_lock(unit);
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) == 0) return fd;
  if (errno != EAGAIN && errno != EACCES) return error_from_errno(errno, "taking a unit of the bench");
  return Error(Errc::busy, fmt::format("it is open already, in process {}", file_->uses[unit].pid.load()));
}

bool SharedBench::unit_taken(std::size_t unit) const {
  struct flock lock = unit_lock(unit);
  return ::fcntl(fd_.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

UnitUse SharedBench::use(std::size_t unit) const {
  const File::Use& use = file_->uses[unit];
  return {.pid = unit_taken(unit) ? use.pid.load() : 0,
          .captures = use.captures,
          .color_frames = use.color_frames,
          .depth_frames = use.depth_frames,
          .imu_samples = use.imu_samples,
          .pulses = use.pulses,
          .captures_dropped = use.captures_dropped,
          .locked = use.locked};
}

void SharedBench::set_owner(std::size_t unit, int pid) {
  file_->uses[unit].pid = pid;
}

void SharedBench::count(std::size_t unit, const UnitUse& more) {
  File::Use& use = file_->uses[unit];
  use.captures += more.captures;
  use.color_frames += more.color_frames;
  use.depth_frames += more.depth_frames;
  use.imu_samples += more.imu_samples;
  if (more.pulses != 0) use.pulses = more.pulses;
}

void SharedBench::note(std::size_t unit, bool locked, std::uint64_t captures_dropped) {
  file_->uses[unit].locked = locked;
  file_->uses[unit].captures_dropped = captures_dropped;
}

void SharedBench::reset_counts(std::size_t unit) {
  File::Use& use = file_->uses[unit];
  for (auto* counter : {&use.captures, &use.color_frames, &use.depth_frames, &use.imu_samples, &use.pulses,
                        &use.captures_dropped})
    *counter = 0;
}

std::string SharedBench::instance_id(std::uint64_t salt) const {
  const std::uint64_t a = random_bits(file_->instance[0], Chance::instance, 0, salt);
  const std::uint64_t b = random_bits(file_->instance[1], Chance::instance, 1, salt);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", a >> 32, (a >> 16) & 0xffff, a & 0xffff, b >> 48,
                     b & 0xffff'ffff'ffff);
}

std::filesystem::path state_directory() {
  if (const char* directory = std::getenv("GENLOCK_STATE_DIR"); directory != nullptr && *directory != '\0') {
    return directory;
  }
  if (const char* runtime = std::getenv("XDG_RUNTIME_DIR"); runtime != nullptr && *runtime != '\0') {
    return std::filesystem::path(runtime) / "genlock";
  }
  return fmt::format("/dev/shm/genlock-{}", ::geteuid());
}

}  // namespace genlock::device::sim
