package io.github.llava4j.kernels;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Not for users of llava4j: public only because another of its packages, or TornadoVM, needs it. It may change or go with
 * any version, without a word in the change log. On a package it means all types in it, but not those of packages below.
 *
 * <p>What has no such mark is the public API; {@code docs/architecture.md} says where it lies.
 */
@Internal
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.PACKAGE, ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface Internal {}
