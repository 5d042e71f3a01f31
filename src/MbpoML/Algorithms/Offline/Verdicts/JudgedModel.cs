using MbpoML.Acting;
using MbpoML.Algorithms.MeTrpo;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Scaling;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Verdicts;

/// <summary>The model that a judge asks: fitted to a part of the log, and measured on the rest.</summary>
/// <param name="log">The log.</param>
/// <param name="windows">Its windows.</param>
/// <param name="dynamics">Fitted; stays the caller's.</param>
/// <param name="options">Termination and reward.</param>
/// <param name="setPoints">What comes from outside.</param>
/// <param name="seed">Decides the draws.</param>
internal sealed class JudgedModel(
    OfflineLog log, LogWindows windows, IDynamicsLearner dynamics, OfflineJudge.Options options, SetPoints setPoints, int seed)
{
    private IEnsembleDynamicsModel Ensemble => (IEnsembleDynamicsModel)dynamics.Model;

    /// <summary>What each elite says that a policy earns from each start: [elites, starts].</summary>
    /// <param name="policy">Acts with its most likely actions.</param>
    /// <param name="starts">The rows of the log that the windows begin with.</param>
    /// <param name="drawsNoise">Whether steps draw the noise of a member; else they take its mean.</param>
    /// <param name="visited">
    /// Receives the states and actions of the steps, [rows, observation] and [rows, action] each time, only lent; null: nobody does.
    /// </param>
    public double[][] Returns(IPolicy policy, long[] starts, bool drawsNoise, Action<Tensor, Tensor>? visited = null)
    {
        using var scope = NewDisposeScope();
        var model = drawsNoise ? Ensemble : new NoiselessMembers(Ensemble);
        var imagined = new ImaginedEnvironment(
            () => model, options.Termination, options.Reward, Propagation.MemberEachRollout,
            setPoints.Exist ? new ReplayedSetPoints(options.SetPoints, LoggedSetPoints(starts)) : null);
        var begin = log.Layout.Observation(log.Rows).index_select(0, tensor(starts));
        var each = new MemberReturns(imagined, windows.Horizon, seed).Each(new FinitePolicy(policy), begin, visited);
        return [.. Enumerable.Range(0, (int)each.size(0)).Select(member => each.select(0, member).contiguous().data<double>().ToArray())];
    }

    /// <summary>How well the model foretells rows that it has not seen.</summary>
    /// <param name="heldOut">Their numbers.</param>
    /// <param name="starts">Windows among them.</param>
    /// <param name="clone">Does what the log does.</param>
    public ModelCalibration Calibrate(Tensor heldOut, long[] starts, IPolicy clone)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = setPoints.Hold(log.Layout, log.Rows.index_select(0, heldOut));
        var ensemble = Ensemble;
        var metrics = DynamicsEvaluator.Evaluate(
            log.Layout, ensemble.EliteCount, rows,
            (observation, action) => (ensemble.PredictMembers(observation, action), ensemble.Predict(observation, action)));
        var (errors, unchanged) = Replay(starts);
        double[] real = [.. starts.Select(start => windows.Return(start))];
        // Of two ways to imagine steps, that is taken which foretells what was logged better.
        var (drawn, mean) = (Foretell(starts, clone, drawsNoise: true), Foretell(starts, clone, drawsNoise: false));
        var drawsNoise = Miss(drawn, real) <= Miss(mean, real);
        var told = drawsNoise ? drawn : mean;
        var (bias, half) = Difference(told, real);
        return new ModelCalibration(
            heldOut.size(0), starts.Length, Foretold(metrics.Mixture.Outputs).Average(output => output.Coverage90), errors, unchanged, bias, half,
            Statistics.Correlation(told, real))
        {
            DrawsNoise = drawsNoise,
        };
    }

    // The reward where nobody knows it, and what the plant changes.
    private IEnumerable<T> Foretold<T>(IEnumerable<T> outputs)
    {
        var counted = new CountedOutputs(options.Reward is not null, setPoints);
        return outputs.Where((_, output) => counted.Have(output));
    }

    // What was logged after each step of the windows, [steps, starts, set points]; behind the end of an episode the last ones.
    private Tensor LoggedSetPoints(long[] starts)
    {
        using var scope = NewDisposeScope();
        var logged = log.Layout.NextObservation(log.Rows).index_select(1, tensor(options.SetPoints.Select(number => (long)number).ToArray()));
        var lengths = Array.ConvertAll(starts, windows.Length);
        return stack([
            .. Enumerable.Range(0, windows.Horizon).Select(step =>
                logged.index_select(0, tensor(starts.Select((start, place) => start + Math.Min(step, lengths[place] - 1)).ToArray()))),
        ]).MoveToOuterDisposeScope();
    }

    // What the elites say on average that the logged controller earns from each start: [starts].
    private double[] Foretell(long[] starts, IPolicy clone, bool drawsNoise)
    {
        using var scope = NewDisposeScope();
        var (layout, rows, horizon) = (log.Layout, log.Rows, windows.Horizon);
        var differences = zeros(horizon, starts.Length, layout.ActionSize);
        for (var place = 0; place < starts.Length; place++)
        {
            using var inner = NewDisposeScope();
            var logged = rows.narrow(0, starts[place], windows.Length(starts[place]));
            differences.select(1, place).narrow(0, 0, logged.size(0)).copy_(layout.Action(logged) - clone.Act(layout.Observation(logged).contiguous()));
        }

        var told = Returns(new ReplayedLog(clone, differences), starts, drawsNoise);
        return [.. Enumerable.Range(0, starts.Length).Select(place => told.Average(member => member[place]))];
    }

    private static (double Mean, double HalfWidth) Difference(double[] told, double[] real) =>
        Statistics.Mean([.. told.Zip(real, (one, other) => one - other)]);

    // By how much returns are missed; more than any number where they left the range of numbers.
    private static double Miss(double[] told, double[] real) =>
        Difference(told, real) is var (mean, half) && double.IsFinite(mean) ? Math.Abs(mean) + half : double.PositiveInfinity;

    // The logged actions through the mean of the elites, each following its own states.
    private (double[] Errors, double[] Unchanged) Replay(long[] starts)
    {
        var (layout, ensemble, horizon) = (log.Layout, Ensemble, windows.Horizon);
        using var scale = new Standardizer(layout.ObservationSize, CPU);
        scale.FitTo(layout.Observation(log.Rows));
        var lengths = tensor(starts.Select(start => (long)windows.Length(start)).ToArray());
        var (numbers, last) = (tensor(starts), tensor(log.Rows.size(0) - 1));
        var begin = layout.Observation(log.Rows).index_select(0, numbers);
        // [elites, starts, observation]
        var state = begin.unsqueeze(0).expand(ensemble.EliteCount, -1, -1).clone();
        var (errors, unchanged) = (new double[horizon], new double[horizon]);
        for (var step = 0; step < horizon; step++)
        {
            using var inner = NewDisposeScope();
            var alive = lengths.Above(step);
            if (!alive.any().item<bool>())
            {
                Array.Resize(ref errors, step);
                Array.Resize(ref unchanged, step);
                break;
            }

            var at = log.Rows.index_select(0, numbers.Plus((long)step).minimum(last));
            var (action, truth) = (layout.Action(at).contiguous(), layout.NextObservation(at));
            for (var elite = 0; elite < ensemble.EliteCount; elite++)
            {
                var own = state.select(0, elite);
                own.copy_(ensemble.PredictMembers(own.contiguous(), action).Mean.select(0, elite).narrow(1, 1, layout.ObservationSize));
                // The logged ones: they are known, so that they tell nothing of the model.
                setPoints.Apply(truth, own);
            }

            errors[step] = Error(state.mean([0L]), truth, alive, scale);
            unchanged[step] = Error(begin, truth, alive, scale);
        }

        return (errors, unchanged);
    }

    // States that left the range of numbers stay what they are, and with them their returns; a policy is asked about others in their place.
    private sealed class FinitePolicy(IPolicy policy) : IPolicy
    {
        public int ObservationSize => policy.ObservationSize;

        public BoxSpace ActionSpace => policy.ActionSpace;

        public Tensor Act(Tensor observation)
        {
            using var asked = observation.where(observation.isfinite(), zeros_like(observation));
            return policy.Act(asked);
        }

        public Tensor Sample(Tensor observation, Generator generator) => policy.Sample(observation, generator);
    }

    // Of what the plant changes.
    private double Error(Tensor told, Tensor truth, Tensor alive, Standardizer scale)
    {
        var plant = tensor(Enumerable.Range(0, log.Layout.ObservationSize).Where(number => !setPoints.Have(number)).Select(number => (long)number).ToArray());
        var squares = ((told - truth) / scale.Deviation).index_select(1, plant).Squared().mean([1L]);
        return Math.Sqrt(squares.index_select(0, alive.nonzero().squeeze(1)).mean().item<float>());
    }
}
