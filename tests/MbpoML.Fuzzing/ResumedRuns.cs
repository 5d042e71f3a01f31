using System.Security.Cryptography;
using CsCheck;
using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Saving;
using MbpoML.Training;
using MbpoML.Training.Checkpoints;
using MbpoML.Training.Outcome;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Fuzzing;

/// <summary>
/// Checkpoints whose form and checksum are right and whose content is not, as somebody would send who knows the format: the run is resumed and goes on for a
/// while.
/// </summary>
internal static class ResumedRuns
{
    private const int StepsToGoOn = 12;

    // What counters, sizes, flags, clocks, weights and states are not made for.
    private static readonly Gen<double> Edges = Gen.OneOf<double>(
        0, 1, -1, 2, 3, 7, 100, 127, 255, 1e6, int.MaxValue, int.MinValue, 1L << 40, long.MaxValue, long.MinValue, 1e30, -1e30, double.NaN,
        double.PositiveInfinity);

    private static readonly Gen<double> Place = Gen.Double.Unit;

    public static FuzzedReader Reader() => new("resumed run", Files(), Use, typeof(CheckpointException), 64 * 1024 * 1024);

    private static Gen<byte[]> Files()
    {
        // One in the middle of a step, one between steps in the exploration, one with a step of the environment under way.
        var good = new[] { Good(25, TrainingPhase.OptimizingPolicy), Good(7, TrainingPhase.Exploring), Good(31, TrainingPhase.RollingOut) };
        return Gen.Frequency<byte[]>(
            (8, Gen.Select(Gen.OneOf<byte[]>(good), Change.Array[1, 3], (bytes, changes) => Rewritten(bytes, changes))),
            (1, Mutations.Of([.. good.Select(bytes => bytes[..^CheckpointFormat.ChecksumSize])])
                .Select(bytes => (byte[])[.. bytes, .. SHA256.HashData(bytes)])),
            (1, Gen.OneOf<byte[]>(good)));
    }

    private static Gen<Action<List<Entry>>> Change => Gen.OneOf<Action<List<Entry>>>(
        Gen.Select(Place, Place, Edges, (entry, value, edge) => Changed(entry, tensor => Fill(tensor.view(-1).narrow(0, At(value, tensor.numel()), 1), edge))),
        Gen.Select(Place, Edges, (entry, edge) => Changed(entry, tensor => Fill(tensor, edge))),
        Gen.Select(Place, Place, (entry, end) => Replaced(entry, tensor => tensor.view(-1).narrow(0, 0, At(end, tensor.numel())).clone())),
        Gen.Select(Place, Gen.Int[0, 3],
            (entry, type) => Replaced(entry, tensor => tensor.to(new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.Int64, ScalarType.Byte }[type]))),
        Place.Select<double, Action<List<Entry>>>(entry => entries => entries.RemoveAt(At(entry, entries.Count))),
        Gen.Select<double, double, Action<List<Entry>>>(Place, Place, (one, other) => entries =>
        {
            var (from, to) = (At(one, entries.Count), At(other, entries.Count));
            entries[to] = entries[to] with { Values = entries[from].Values };
        }));

    private static Action<List<Entry>> Changed(double entry, Action<Tensor> change) => Replaced(entry, tensor =>
    {
        var copy = tensor.clone();
        if (copy.numel() > 0) change(copy);
        return copy;
    });

    private static Action<List<Entry>> Replaced(double entry, Func<Tensor, Tensor> change) => entries =>
    {
        var index = At(entry, entries.Count);
        entries[index] = entries[index] with { Values = change(entries[index].Values) };
    };

    private static void Fill(Tensor tensor, double value)
    {
        if (tensor.dtype == ScalarType.Byte) tensor.fill_(unchecked((byte)(long)value));
        else if (tensor.dtype == ScalarType.Int64) tensor.fill_((long)value);
        else tensor.fill_(value);
    }

    private static int At(double place, long count) => (int)Math.Min((long)(place * count), Math.Max(0, count - 1));

    private static byte[] Rewritten(byte[] good, IEnumerable<Action<List<Entry>>> changes)
    {
        using var scope = NewDisposeScope();
        var entries = Read(good);
        foreach (var change in changes) change(entries);
        using var file = new MemoryStream();
        using var writer = new CheckpointWriter(file);
        foreach (var (name, values) in entries) writer.Add(name, values);
        writer.Complete();
        return file.ToArray();
    }

    private static List<Entry> Read(byte[] file)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file);
            using var reader = new CheckpointReader(path);
            return [.. reader.Names.Select(name => new Entry(name, reader.Tensor(name)))];
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Use(string path)
    {
        using var source = new CancellationTokenSource();
        using var environment = new CartPoleContinuousEnvironment();
        int? first = null;
        void StopAfterAWhile(TrainingProgress progress)
        {
            if (progress.Step - (first ??= progress.Step) >= StepsToGoOn) source.Cancel();
        }

        try
        {
            Trainer(environment, StopAfterAWhile, null, source.Token).Resume(path).Policy.Dispose();
        }
        catch (TrainingCanceledException cancelled)
        {
            cancelled.Report?.Policy.Dispose();
        }
        catch (TrainingFailedException failed) when (failed.InnerException is LearningException or EnvironmentException)
        {
            // Weights or a state of the environment that no run would have written, found by the guards.
            failed.Report?.Policy.Dispose();
        }
    }

    private static byte[] Good(int step, TrainingPhase phase)
    {
        var folder = Directory.CreateTempSubdirectory("mbpoml-fuzz-run-").FullName;
        using var source = new CancellationTokenSource();
        using var environment = new CartPoleContinuousEnvironment();
        try
        {
            void StopThere(TrainingProgress progress)
            {
                if (progress.Step >= step && progress.Phase == phase) source.Cancel();
            }

            try
            {
                var checkpoints = new Checkpointing { Folder = folder, EverySteps = 1000, Every = null };
                Trainer(environment, StopThere, checkpoints, source.Token).Train().Policy.Dispose();
            }
            catch (TrainingCanceledException cancelled)
            {
                cancelled.Report?.Policy.Dispose();
            }

            return File.ReadAllBytes(Directory.EnumerateFiles(folder, "*.checkpoint").Single());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static MbpoTrainer Trainer(
        IEnvironment environment, Action<TrainingProgress> progress, Checkpointing? checkpoints, CancellationToken cancellation) =>
        new MLContext(seed: 1).Reinforcement().Mbpo(environment, new MbpoPreset
        {
            Trainer = new MbpoTrainer.Options
            {
                Steps = 60,
                EpochLength = 10,
                InitialExplorationSteps = 10,
                ModelTrainingInterval = 5,
                UpdatesPerStep = 3,
                BatchSize = 8,
                MaxEpisodeSteps = 9,
                EvaluationEpisodes = 1,
                Overlap = OverlappedStages.Environment,
                Threads = 1,
                CancellationToken = cancellation,
                Progress = new Relay(progress),
                Checkpoints = checkpoints,
            },
            Dynamics = { HiddenSizes = [4], MemberCount = 3, EliteCount = 2, MaxOptimizerSteps = 3 },
            Rollouts = { BatchSize = 20, Schedule = RolloutSchedule.Constant(2) },
            Policy = { HiddenSizes = [4] },
        });

    private sealed record Entry(string Name, Tensor Values);

    private sealed class Relay(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
