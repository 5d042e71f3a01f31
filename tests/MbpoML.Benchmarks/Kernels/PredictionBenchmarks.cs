using BenchmarkDotNet.Attributes;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Policies;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Kernels;

/// <summary>A finished policy of Hopper's size at work: one observation to one action.</summary>
[MemoryDiagnoser]
public class PredictionBenchmarks
{
    private static readonly TransitionLayout Layout = new(11, 3);

    private readonly float[] _action = new float[Layout.ActionSize];
    private readonly Input _input = new();
    private readonly Output _output = new();
    private PolicyTransformer? _policy;
    private PredictionEngine<Input, Output>? _engine;

    [GlobalSetup]
    public void Setup()
    {
        var mlContext = new MLContext(1);
        using var learner = new SacLearner(
            new ComponentContext(mlContext), new SacSettings(Layout, BoxSpace.Uniform(Layout.ActionSize, -1, 1), [256, 256]), seed: 1, CPU);
        _policy = learner.ToTransformer();
        _engine = mlContext.Model.CreatePredictionEngine<Input, Output>(_policy, new PredictionEngineOptions { OwnsTransformer = false });
    }

    [Benchmark]
    public void ActOnSpans() => _policy!.Act(_input.Observation, _action);

    [Benchmark]
    public Output PredictionEngine()
    {
        var output = _output;
        _engine!.Predict(_input, ref output);
        return output;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _engine!.Dispose();
        _policy!.Dispose();
    }

    public sealed class Input
    {
        [VectorType(11)]
        public float[] Observation { get; set; } = new float[11];
    }

    public sealed class Output
    {
        public float[] Action { get; set; } = [];
    }
}
