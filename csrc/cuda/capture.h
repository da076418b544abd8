// Parts of a recorded step as CUDA graphs: captured once, launched in every run with one call each.
#ifndef TOCHA_CUDA_CAPTURE_H
#define TOCHA_CUDA_CAPTURE_H

#include "../backend.h"

// tc_device's functions of these names.
tc_status tc_cuda_capture_begin(const tc_device *self, tc_captured **c);
tc_status tc_cuda_capture_end(const tc_device *self, tc_captured *c, int *part);
tc_status tc_cuda_capture_launch(const tc_device *self, tc_captured *c, int part);
void tc_cuda_capture_free(const tc_device *self, tc_captured *c);

#endif
