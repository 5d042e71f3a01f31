using BenchmarkDotNet.Attributes;
using MbpoML.Numerics.Kernels;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Kernels;

/// <summary>Adam's pass over the parameters of one actor and two critics.</summary>
[MemoryDiagnoser]
public class OptimizerBenchmarks
{
    private const int Parameters = 200_000;

    private FlatAdam? _optimizer;
    private Tensor? _parameters;
    private Tensor? _gradient;

    [GlobalSetup]
    public void Setup()
    {
        using var generator = new Generator(1);
        (_parameters, _gradient) = (randn(Parameters, generator: generator), randn(Parameters, generator: generator));
        _optimizer = new FlatAdam(_parameters, 3e-4);
    }

    [Benchmark]
    public void FlatAdamStep() => _optimizer!.Step(_gradient!);

    [GlobalCleanup]
    public void Cleanup()
    {
        _optimizer!.Dispose();
        _parameters!.Dispose();
        _gradient!.Dispose();
    }
}
