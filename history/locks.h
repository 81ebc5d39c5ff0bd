// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <mutex>

// What clang checks (-Wthread-safety, an error in every build with clang): that what a mutex guards is touched under it alone. Other
// compilers see nothing of it.
#if defined(__clang__)
#define COLDPITCH_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define COLDPITCH_THREAD_SAFETY(attribute)
#endif

/// A member that is touched under `mutex` alone.
#define GUARDED_BY(mutex) COLDPITCH_THREAD_SAFETY(guarded_by(mutex))
/// A function, or a lambda behind its parameters, that is called under `mutex` alone.
#define REQUIRES(mutex) COLDPITCH_THREAD_SAFETY(requires_capability(mutex))

namespace coldpitch {

/// std::mutex, known to the checks. Locked by Lock.
class COLDPITCH_THREAD_SAFETY(capability("mutex")) Mutex {
 private:
  friend class Lock;
  std::mutex mutex_;
};

/// Holds a mutex while it lives, but for unlock() to lock(). For one thread.
class COLDPITCH_THREAD_SAFETY(scoped_lockable) Lock {
 public:
  explicit Lock(Mutex& mutex) COLDPITCH_THREAD_SAFETY(acquire_capability(mutex)) : lock_(mutex.mutex_) {}
  ~Lock() COLDPITCH_THREAD_SAFETY(release_capability()) = default;
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  void lock() COLDPITCH_THREAD_SAFETY(acquire_capability()) { lock_.lock(); }
  void unlock() COLDPITCH_THREAD_SAFETY(release_capability()) { lock_.unlock(); }

  /// What waits on a condition variable with this: `changed.wait(lock.waiting(), ...)`.
  [[nodiscard]] std::unique_lock<std::mutex>& waiting() { return lock_; }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace coldpitch
