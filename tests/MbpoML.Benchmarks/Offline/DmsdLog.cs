using MbpoML.Data;
using MbpoML.Datasets;
using Microsoft.ML;
using Microsoft.ML.Data;
using static System.FormattableString;

namespace MbpoML.Benchmarks.Offline;

/// <summary>The published log of DMSD.</summary>
internal static class DmsdLog
{
    // Logs have single precision.
    private const double Tolerance = 1e-5;

    /// <summary>Reads the log, and makes sure that <see cref="DmsdEnvironment"/> is the simulator that wrote it.</summary>
    /// <param name="folder">The folder of DMSD-high-100000-train.npz.</param>
    /// <exception cref="InvalidOperationException">A logged transition is not what the simulator does.</exception>
    public static IDataView Read(string folder)
    {
        var log = NeorlFile.Read(Path.Combine(folder, "DMSD-high-100000-train.npz"));
        Console.WriteLine(Replay(log));
        return log;
    }

    /// <summary>
    /// Takes each logged action in the logged state, and compares what follows: the next state, the reward, and the steps in which targets jump.
    /// </summary>
    /// <param name="log">Transitions, in order.</param>
    /// <returns>A sentence with the largest differences.</returns>
    /// <exception cref="InvalidOperationException">A difference is larger than single precision allows, or a target jumps in another step.</exception>
    public static string Replay(IDataView log)
    {
        var columns = new TransitionColumns();
        var cursor = log.GetRowCursor(log.Schema);
        ValueGetter<VBuffer<float>> Vector(string name) => cursor.GetGetter<VBuffer<float>>(log.Schema[name]);
        var (observation, action, next) = (Vector(columns.Observation), Vector(columns.Action), Vector(columns.NextObservation));
        var reward = cursor.GetGetter<float>(log.Schema[columns.Reward]);
        var episode = cursor.GetGetter<int>(log.Schema[columns.EpisodeId]);
        var (state, rows, stateError, rewardError, step, last) = (new double[6], 0, 0.0, 0.0, 0, -1);
        VBuffer<float> values = default;
        double[] Of(ValueGetter<VBuffer<float>> getter)
        {
            getter(ref values);
            return [.. values.DenseValues().Select(value => (double)value)];
        }

        using (cursor)
        {
            while (cursor.MoveNext())
            {
                var (earned, number) = (0f, 0);
                reward(ref earned);
                episode(ref number);
                (step, last) = (number == last ? step + 1 : 1, number);
                Of(observation).CopyTo(state, 0);
                DmsdEnvironment.Move(state, Of(action));
                var following = Of(next);
                if ((following[4] != state[4] || following[5] != state[5]) && step != DmsdEnvironment.JumpStep)
                    throw new InvalidOperationException(
                        Invariant($"A target of the log jumps in step {step} of an episode, and here in step {DmsdEnvironment.JumpStep}."));
                stateError = Math.Max(stateError, Enumerable.Range(0, 4).Max(index => Math.Abs(state[index] - following[index])));
                rewardError = Math.Max(rewardError, Math.Abs(DmsdEnvironment.Reward(following) - earned));
                rows++;
            }
        }

        if (Math.Max(stateError, rewardError) > Tolerance)
            throw new InvalidOperationException(
                Invariant($"The simulator is not that of the log: states differ by up to {stateError:G2}, rewards by up to {rewardError:G2}."));
        return Invariant($"{rows} logged transitions replayed: states differ by at most {stateError:G2}, rewards by {rewardError:G2}.");
    }
}
