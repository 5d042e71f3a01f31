using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace MbpoML.Benchmarks.Kernels;

/// <summary>The verb <c>kernels</c>: BenchmarkDotNet on single steps, with their allocations.</summary>
internal static class KernelsCommand
{
    private static readonly Type[] Benchmarks =
        [typeof(OptimizerBenchmarks), typeof(PolicyBenchmarks), typeof(EnsembleBenchmarks), typeof(ReplayBenchmarks), typeof(EnvironmentBenchmarks),
            typeof(PredictionBenchmarks)];

    public static Command Create()
    {
        var arguments = new Argument<string[]>("arguments")
        {
            Description =
            "BenchmarkDotNet's own, after --, as in: kernels -- --filter *Policy*. Default: --filter * --join.",
            Arity = ArgumentArity.ZeroOrMore
        };
        var command = new Command("kernels", "Measures kernels and single steps with BenchmarkDotNet.") { arguments };
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(arguments)!;
            // In this process: BenchmarkDotNet would otherwise build a project of its own for each benchmark, which lacks torch's native libraries.
            var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
            return BenchmarkSwitcher.FromTypes(Benchmarks).Run(given.Length == 0 ? ["--filter", "*", "--join"] : given, config)
                .All(summary => !summary.HasCriticalValidationErrors) ? 0 : 1;
        });
        return command;
    }
}
