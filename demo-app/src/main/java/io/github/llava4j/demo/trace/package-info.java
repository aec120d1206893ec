/** The numbers between the stages of a request as numpy files. */
package io.github.llava4j.demo.trace;
