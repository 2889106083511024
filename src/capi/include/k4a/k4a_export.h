/* Which functions a library shows, and how old names are marked. */
#ifndef K4A_EXPORT_H
#define K4A_EXPORT_H

#if defined(K4A_STATIC_DEFINE)
#define K4A_EXPORT
#define K4A_NO_EXPORT
#else
#define K4A_EXPORT __attribute__((visibility("default")))
#define K4A_NO_EXPORT __attribute__((visibility("hidden")))
#endif

#define K4A_DEPRECATED __attribute__((deprecated))
#define K4A_DEPRECATED_EXPORT K4A_EXPORT K4A_DEPRECATED
#define K4A_DEPRECATED_NO_EXPORT K4A_NO_EXPORT K4A_DEPRECATED

#endif
