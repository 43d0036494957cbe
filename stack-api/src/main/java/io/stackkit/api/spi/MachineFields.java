package io.stackkit.api.spi;

/// Padding after the hot fields, see [Padding].
@SuppressWarnings("unused")
abstract class MachineFields extends MachineHotFields {
  private long q00;
  private long q01;
  private long q02;
  private long q03;
  private long q04;
  private long q05;
  private long q06;
  private long q07;
  private long q08;
  private long q09;
  private long q10;
  private long q11;
  private long q12;
  private long q13;
  private long q14;
  private long q15;
}
