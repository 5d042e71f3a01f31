using BenchmarkDotNet.Attributes;
using MbpoML.Data;
using MbpoML.Data.Replay;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Kernels;

/// <summary>A full pool of 400,000 transitions of HalfCheetah's size: a minibatch out, a real transition in.</summary>
[MemoryDiagnoser]
public class ReplayBenchmarks
{
    private const int Rows = 400_000;

    private static readonly TransitionLayout Layout = new(17, 6);

    private readonly double[] _observation = new double[Layout.ObservationSize];
    private readonly double[] _action = new double[Layout.ActionSize];
    private ReplayPool? _pool;
    private Generator? _generator;
    private Tensor? _minibatch;

    [GlobalSetup]
    public void Setup()
    {
        _generator = new Generator(1);
        _pool = new ReplayPool(Layout, Rows);
        using var rows = randn(Rows, Layout.Width, generator: _generator);
        _pool.Append(rows);
        _minibatch = empty(256, Layout.Width);
    }

    [Benchmark]
    public void SampleInto() => _pool!.SampleInto(_minibatch!, _generator!);

    [Benchmark]
    public void Add() => _pool!.Add(_observation, _action, 1, _observation, terminated: false, truncated: false);

    [GlobalCleanup]
    public void Cleanup()
    {
        _pool!.Dispose();
        _minibatch!.Dispose();
        _generator!.Dispose();
    }
}
