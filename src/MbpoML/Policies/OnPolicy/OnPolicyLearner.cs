using MbpoML.Acting;
using MbpoML.Components;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Scaling;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.SoftActorCritic;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Policies.OnPolicy;

/// <summary>
/// A Gaussian policy that learns from whole episodes of its own: values and advantages are the same for every way to climb them, which is left to those that
/// derive from it. One learner belongs to one run and one thread at a time.
/// </summary>
internal abstract partial class OnPolicyLearner : IEpisodeLearner, IParameterizedLearner, IGuardedLearner, IObservationScaling
{
    // So near to ±1 float32 still tells actions apart well enough for atanh.
    private const double LargestSquashed = 1 - 1e-6;

    private readonly ComponentContext _context;
    private readonly ActionScaling _scaling;
    private readonly ExclusiveUse _use = new("The policy learner");
    private readonly Tensor _sound;
    private readonly double[] _sums;
    private long _updatesSinceMetrics;
    private bool _hasScales, _hasFault;

    /// <param name="context">Where transformers made of this learner belong.</param>
    /// <param name="settings">Sizes and what all such learners are told.</param>
    /// <param name="seed">Decides the first weights.</param>
    /// <param name="device">Where everything stands and runs.</param>
    /// <param name="metrics">The names of what <see cref="Optimize"/> measures.</param>
    protected OnPolicyLearner(ComponentContext context, OnPolicySettings settings, int seed, Device device, IReadOnlyList<string> metrics)
    {
        (_context, Settings, Device) = (context, settings, device);
        Gaussian = new GaussianPolicy(settings.Layout.ObservationSize, settings.HiddenSizes, settings.ActionSpace.Size);
        Parameters = Begin(Gaussian, settings.InitialLogDeviation, Seeds.Derive(seed, "weights"), device);
        _sound = Parameters.clone().DetachFromDisposeScope();
        _scaling = new ActionScaling(settings.ActionSpace, device);
        Observations = new Standardizer(settings.Layout.ObservationSize, device);
        MetricNames = [.. OnPolicyMetrics.Names, .. metrics];
        _sums = new double[MetricNames.Count];
    }

    /// <summary>The numbers of the policy, [parameters].</summary>
    public Tensor Parameters { get; }

    /// <summary>The policy's distribution.</summary>
    public GaussianPolicy Gaussian { get; }

    /// <summary>How observations reach the networks; the identity unless they are standardised.</summary>
    public Standardizer Observations { get; }

    public OnPolicySettings Settings { get; }

    public int ObservationSize => Settings.Layout.ObservationSize;

    public BoxSpace ActionSpace => Settings.ActionSpace;

    public Device Device { get; }

    public int EpisodesPerUpdate => Settings.EpisodesPerUpdate;

    public int EpisodeSteps => Settings.EpisodeSteps;

    public bool ScalesObservations => Settings.StandardizesObservations;

    public ObservationScale? ObservationScale => _hasScales ? new ObservationScale(Observations.Mean, Observations.Deviation) : null;

    /// <summary>The names of the metrics, those of every learner first.</summary>
    protected IReadOnlyList<string> MetricNames { get; }

    public void Update(ImaginedEpisodes episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (episodes.Layout != Settings.Layout)
            throw new ArgumentException(
                Invariant($"The episodes have {episodes.Layout?.ObservationSize} observations and {episodes.Layout?.ActionSize} actions, but the policy ") +
                Invariant($"{Settings.Layout.ObservationSize} and {Settings.Layout.ActionSize}."), nameof(episodes));
        if (episodes.Count < 1)
            throw new ArgumentException(Invariant($"There are {episodes.Count} episodes, but an update needs at least one."), nameof(episodes));
        var rows = TensorCheck.Matrix(episodes.Rows, Settings.Layout.Width, nameof(episodes));
        if (rows.size(0) == 0) throw new ArgumentException("There are no rows, but an update needs at least one.", nameof(episodes));
        TensorCheck.Finite(rows, nameof(episodes));
        var table = EpisodeRows.Of(episodes);
        rows = rows.to(Device);
        FitScales(rows);
        var observations = Observations.Apply(Settings.Layout.Observation(rows));
        var values = Values(observations, table.Steps);
        var (advantages, returns) = GeneralizedAdvantage.Of(table, values, CutValues(rows, table), Settings.Discount, Settings.Lambda);
        double[] targets = [.. advantages.Zip(values, (advantage, value) => advantage + value)];
        GeneralizedAdvantage.Standardize(advantages);
        var climbed = TensorMemory.Aligned(Array.ConvertAll(advantages, value => (float)value)).to(Device);
        var batch = new OnPolicyBatch(observations, Unsquashed(Settings.Layout.Action(rows)), table.Steps, climbed, returns, targets);
        Measure(0, table.MeanReturn(episodes.Count));
        Measure(1, (double)table.Rewards.Length / episodes.Count);
        Optimize(batch);
        Measure(2, Gaussian.LogDeviation(Parameters).mean().item<float>());
        _updatesSinceMetrics++;
    }

    public void Look(Tensor rows)
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        TensorCheck.Finite(TensorCheck.Matrix(rows, Settings.Layout.Width));
        if (rows.size(0) > 0) FitScales(rows.to(Device));
    }

    public Tensor Act(Tensor observation) => Act(observation, Parameters);

    public Tensor Act(Tensor observation, Tensor parameters)
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        TensorCheck.Matrix(observation, ObservationSize);
        TensorCheck.Alive(parameters);
        if (parameters.dim() != 1 || parameters.size(0) != Parameters.size(0) || parameters.dtype != ScalarType.Float32)
            throw new ArgumentException(
                Invariant($"The parameters are {parameters.dtype} [{string.Join(", ", parameters.shape)}], but must be Float32 [{Parameters.size(0)}]."),
                nameof(parameters));
        return _scaling.Unscale(Head(observation, parameters).tanh()).to(observation.device).MoveToOuterDisposeScope();
    }

    public void ResetDeviation()
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Gaussian.LogDeviation(Parameters).FillInPlace(Settings.InitialLogDeviation);
    }

    public Tensor Sample(Tensor observation, Generator generator)
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        TensorCheck.Matrix(observation, ObservationSize);
        TensorCheck.Alive(generator);
        var noise = randn(observation.size(0), ActionSpace.Size, ScalarType.Float32, generator: generator);
        return Draw(observation, noise).to(observation.device).MoveToOuterDisposeScope();
    }

    // They stay, so that weights and scales never disagree. Where they come with the first episodes, which were drawn without them, the first update learns
    // from another policy's actions.
    private void FitScales(Tensor rows)
    {
        if (!Settings.StandardizesObservations || _hasScales) return;
        Observations.FitTo(Settings.Layout.Observation(rows));
        _hasScales = true;
    }

    public IActor NewActor()
    {
        if (Device.type != DeviceType.CPU)
            return new TensorActor(this, (observation, noise) =>
            {
                using var turn = _use.Enter();
                return Draw(observation, noise);
            });
        var row = new GaussianRow(this);
        return new RowActor(this, (observation, noise, action) =>
        {
            using var turn = _use.Enter();
            row.Act(observation, noise, action);
        });
    }

    public void ThrowIfDiverged()
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var sum = Parameters.sum(ScalarType.Float64).item<double>();
        if (double.IsFinite(sum))
        {
            _sound.copy_(Parameters);
            return;
        }

        _hasFault = true;
        throw new LearningException(
            "weights of the policy", sum,
            "A weight of the policy is no finite number after an update. Look at the rewards and observations of the episodes, and lower the learning rate.");
    }

    public IReadOnlyDictionary<string, double> TakeMetrics()
    {
        using var turn = _use.Enter();
        var metrics = new Dictionary<string, double>();
        if (_updatesSinceMetrics == 0) return metrics;
        for (var metric = 0; metric < _sums.Length; metric++) metrics.Add(MetricNames[metric], _sums[metric] / _updatesSinceMetrics);
        Array.Clear(_sums);
        _updatesSinceMetrics = 0;
        return metrics;
    }

    public PolicyTransformer ToTransformer() => new(_context, ToParameters());

    /// <summary>The numbers of the policy, copied, for observations that are not scaled; after a fault those of the last policy that was sound.</summary>
    public ActorParameters ToParameters()
    {
        using var turn = _use.Enter();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return GaussianExport.ToActor(Gaussian, (_hasFault ? _sound : Parameters).cpu(), Observations, ActionSpace);
    }

    public void Dispose()
    {
        if (!_use.End()) return;
        Parameters.Dispose();
        _sound.Dispose();
        _scaling.Dispose();
        Observations.Dispose();
        Free();
    }

    /// <summary>The values of rows, before the update.</summary>
    /// <param name="observations">[rows, n], scaled</param>
    /// <param name="steps">The number of each row's step.</param>
    protected abstract double[] Values(Tensor observations, int[] steps);

    /// <summary>Improves the policy, and then the values.</summary>
    /// <param name="batch">Lent.</param>
    protected abstract void Optimize(OnPolicyBatch batch);

    /// <summary>Disposes what the deriving class holds.</summary>
    protected abstract void Free();

    /// <summary>Adds to the sum of a metric.</summary>
    /// <param name="metric">Its number in <see cref="MetricNames"/>.</param>
    /// <param name="value">What this update adds.</param>
    protected void Measure(int metric, double value) => _sums[metric] += value;

    private double[] CutValues(Tensor rows, EpisodeRows table)
    {
        var values = new double[table.Rewards.Length];
        if (!Settings.ValuesCutEpisodes) return values;
        int[] cut = [.. Enumerable.Range(0, values.Length).Where(row => table.Next[row] < 0 && !table.Terminated[row])];
        if (cut.Length == 0) return values;
        var next = Settings.Layout.NextObservation(rows).index_select(0, tensor(Array.ConvertAll(cut, row => (long)row)).to(Device));
        var following = Values(Observations.Apply(next), [.. cut.Select(row => table.Steps[row] + 1)]);
        for (var index = 0; index < cut.Length; index++) values[cut[index]] = following[index];
        return values;
    }

    private Tensor Unsquashed(Tensor actions) =>
        _scaling.Scale(actions).Clamped(-LargestSquashed, LargestSquashed).atanh();

    private Tensor Head(Tensor observation, Tensor parameters) => Gaussian.Mean.Forward(parameters, Observations.Apply(observation.to(Device)))[^1];

    private Tensor Draw(Tensor observation, Tensor noise)
    {
        var deviation = Gaussian.LogDeviation(Parameters).exp();
        return _scaling.Unscale(addcmul(Head(observation, Parameters), deviation, noise.to(Device), ScalarArithmetic.One).tanh());
    }

    private static Tensor Begin(GaussianPolicy policy, double logDeviation, int seed, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator((ulong)seed, CPU);
        var network = policy.Mean.Shape.Initialize(1, generator).view(-1);
        var deviations = zeros(policy.Actions, ScalarType.Float32).FillInPlace(logDeviation);
        return cat([network, deviations], 0).to(device).MoveToOuterDisposeScope().DetachFromDisposeScope();
    }
}
