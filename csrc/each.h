// TC_EACH(f, a, b, c) is f(a) f(b) f(c), for up to twelve; TC_BARE (a, b) is a, b.
#ifndef TOCHA_EACH_H
#define TOCHA_EACH_H

#define TC_BARE(...) __VA_ARGS__
#define TC_EACH(f, ...) TC_EACH_PICK(TC_EACH_COUNT(__VA_ARGS__))(f, __VA_ARGS__)

#define TC_EACH_COUNT(...) TC_EACH_13TH(__VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define TC_EACH_13TH(a, b, c, d, e, f, g, h, i, j, k, l, n, ...) n
#define TC_EACH_PICK(n) TC_EACH_JOIN(n)
#define TC_EACH_JOIN(n) TC_EACH_##n
#define TC_EACH_1(f, a) f(a)
#define TC_EACH_2(f, a, ...) f(a) TC_EACH_1(f, __VA_ARGS__)
#define TC_EACH_3(f, a, ...) f(a) TC_EACH_2(f, __VA_ARGS__)
#define TC_EACH_4(f, a, ...) f(a) TC_EACH_3(f, __VA_ARGS__)
#define TC_EACH_5(f, a, ...) f(a) TC_EACH_4(f, __VA_ARGS__)
#define TC_EACH_6(f, a, ...) f(a) TC_EACH_5(f, __VA_ARGS__)
#define TC_EACH_7(f, a, ...) f(a) TC_EACH_6(f, __VA_ARGS__)
#define TC_EACH_8(f, a, ...) f(a) TC_EACH_7(f, __VA_ARGS__)
#define TC_EACH_9(f, a, ...) f(a) TC_EACH_8(f, __VA_ARGS__)
#define TC_EACH_10(f, a, ...) f(a) TC_EACH_9(f, __VA_ARGS__)
#define TC_EACH_11(f, a, ...) f(a) TC_EACH_10(f, __VA_ARGS__)
#define TC_EACH_12(f, a, ...) f(a) TC_EACH_11(f, __VA_ARGS__)

#endif
