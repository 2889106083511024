/* Which functions libk4arecord shows. */
#ifndef K4ARECORD_EXPORT_H
#define K4ARECORD_EXPORT_H

#if defined(K4ARECORD_STATIC_DEFINE)
#define K4ARECORD_EXPORT
#define K4ARECORD_NO_EXPORT
#else
#define K4ARECORD_EXPORT __attribute__((visibility("default")))
#define K4ARECORD_NO_EXPORT __attribute__((visibility("hidden")))
#endif

#define K4ARECORD_DEPRECATED __attribute__((deprecated))
#define K4ARECORD_DEPRECATED_EXPORT K4ARECORD_EXPORT K4ARECORD_DEPRECATED
#define K4ARECORD_DEPRECATED_NO_EXPORT K4ARECORD_NO_EXPORT K4ARECORD_DEPRECATED

#endif
