/*
 * What Genlock's libk4a.so.1.4 has beyond the interface that all share: the host that its simulated units are
 * plugged into, whose clock may run faster than this machine's. A program that works with any libk4a looks
 * these functions up at run time; a library that has them is Genlock's.
 */
#ifndef K4A_GENLOCK_EXTRAS_H
#define K4A_GENLOCK_EXTRAS_H

#include <k4a/k4a_export.h>
#include <k4a/k4atypes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* That host's monotonic clock now, in ns: the clock of system timestamps and of timeouts. 0: there is none.
 */
K4A_EXPORT uint64_t genlock_host_monotonic_nsec(void);

/* That host's UTC now, in ns since 1970. 0: there is none. */
K4A_EXPORT uint64_t genlock_host_wall_nsec(void);

/* Its name, and a text that differs between any two runs of its monotonic clock: sized getters of text. */
K4A_EXPORT k4a_buffer_result_t genlock_host_name(char* name, size_t* name_size);
K4A_EXPORT k4a_buffer_result_t genlock_host_boot_id(char* boot_id, size_t* boot_id_size);

#ifdef __cplusplus
}
#endif

#endif
