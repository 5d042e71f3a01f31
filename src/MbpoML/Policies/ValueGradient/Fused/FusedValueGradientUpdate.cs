using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Policies.ValueGradient.Fused;

/// <summary>
/// The value gradient's update for the CPU: gradients by hand through policy, model and critics, matrix products into memory that is there, everything between
/// them in fused passes.
/// </summary>
/// <remarks>
/// The same mathematics as <see cref="ReferenceValueGradientUpdate"/>, which is the one to read first; results differ by rounding only. The rows of a batch are
/// two halves with memory, streams and gradients of their own, which one thread takes in turn or two threads side by side: the same work in the same order, so
/// that the number of threads changes no bit of the result.
/// </remarks>
internal sealed class FusedValueGradientUpdate : IValueGradientUpdate
{
    // Gradients, parameters and moments of so many values stay in the innermost caches on their way through a step.
    private const int StepValues = 4096;

    private readonly ValueGradientSettings _settings;
    private readonly ValueGradientState _state;
    private readonly TargetCritics _targetCritics;
    private readonly Companion _companion;
    private readonly Action<int> _imagine, _learnValues, _stepCritics, _climb, _stepActor;
    private readonly LayerViews _actor;
    private readonly LayerViews[] _critics, _targets;
    private readonly HalfRollout[] _rollouts;
    private readonly HalfCritics[] _halves;
    private readonly FusedActionSampler _sampler;
    private readonly int[] _chosen;
    private readonly float[] _earned;
    private readonly double[] _squares = new double[2];
    private readonly Tensor _alphaGradient;
    private double[] _sums = new double[ValueGradientMetrics.Names.Count];
    private Tensor? _starts;
    private ImaginedSteps? _steps;
    private AdamPass _step;
    private float _alpha;

    /// <param name="settings">Sizes and hyper-parameters.</param>
    /// <param name="state">On the CPU.</param>
    /// <param name="workers">Threads: 1 or 2.</param>
    public FusedValueGradientUpdate(ValueGradientSettings settings, ValueGradientState state, int workers)
    {
        (_settings, _state, _targetCritics) = (settings, state, new TargetCritics(settings, state.Choosing));
        _actor = new LayerViews(settings.Actor, state.Actor.select(0, 0));
        _critics = [.. Enumerable.Range(0, settings.CriticCount).Select(critic => new LayerViews(settings.Critic, state.Critics.select(0, critic)))];
        _targets = [.. Enumerable.Range(0, settings.CriticCount).Select(critic => new LayerViews(settings.Critic, state.Targets.select(0, critic)))];
        _rollouts = [.. Enumerable.Range(0, 2).Select(half => new HalfRollout(settings, state, _actor, half))];
        _halves = [.. Enumerable.Range(0, 2).Select(half => new HalfCritics(settings, state, _critics, _targets, half))];
        (_chosen, _earned) = (new int[_targetCritics.Count], new float[settings.Horizon * settings.BatchSize]);
        _alphaGradient = zeros([1], ScalarType.Float32).DetachFromDisposeScope();
        // Made once: a delegate a phase would be garbage a phase.
        (_imagine, _learnValues, _stepCritics, _climb, _stepActor) = (Imagine, LearnValues, StepCritics, Climb, StepActor);
        _companion = new Companion(workers);
        _sampler = new FusedActionSampler(settings, state, _actor, _companion);
    }

    public void Update(Tensor observations, ImaginedSteps steps, bool learnsPolicy)
    {
        using var dense = observations.is_contiguous() ? null : observations.contiguous();
        (_starts, _steps, _alpha) = (dense ?? observations, steps, MathF.Exp(_state.LogAlpha.Floats()[0]));
        _companion.Run(_imagine);
        FollowBounds(steps.CanEnd);
        _targetCritics.Draw().CopyTo(_chosen);
        _companion.Run(_learnValues);
        _step = _state.CriticOptimizer.BeginStep();
        _companion.Run(_stepCritics);
        AddMetricsOfCritics();
        if (!learnsPolicy) return;
        _companion.Run(_climb);
        _step = _state.ActorOptimizer.BeginStep();
        _companion.Run(_stepActor);
        AddMetricsAndStepAlpha();
    }

    /// <summary>Draws the action of each row.</summary>
    /// <param name="observation">[rows, observation], environment units</param>
    /// <param name="noise">Standard normal: [rows, action]</param>
    /// <returns>[rows, action], environment units; the caller disposes it.</returns>
    public Tensor Sample(Tensor observation, Tensor noise) => _sampler.Sample(observation, noise);

    public double[] TakeSums()
    {
        var sums = _sums;
        _sums = new double[sums.Length];
        return sums;
    }

    public void SetSums(ReadOnlySpan<double> sums) => sums.CopyTo(_sums);

    public void Dispose()
    {
        _companion.Dispose();
        foreach (var disposable in (IDisposable[])[.. _rollouts, .. _halves, _actor, .. _critics, .. _targets, _alphaGradient, _sampler]) disposable.Dispose();
    }

    private void Imagine(int half) => _rollouts[half].Forward(_starts!.Floats(), _steps!, _alpha);

    private void LearnValues(int half) => _halves[half].Learn(_rollouts[half], _chosen, _alpha);

    private void Climb(int half) => _rollouts[half].Backward(_steps!, _halves[half].Climb(_rollouts[half], _alpha), _alpha);

    private void FollowBounds(bool canEnd)
    {
        var count = 0;
        foreach (var rollout in _rollouts)
        {
            rollout.Earned.AsSpan(0, rollout.EarnedCount).CopyTo(_earned.AsSpan(count));
            count += rollout.EarnedCount;
        }

        if (count > 0) _state.Bounds.Follow(_earned.AsSpan(0, count), canEnd);
    }

    private void StepCritics(int half) => Step(
        half, _halves[0].Gradient, _halves[1].Gradient, _settings.CriticLearningRate, _state.CriticOptimizer, _state.Targets.Floats(),
        (float)_settings.TargetSmoothing);

    private void StepActor(int half) => Step(
        half, _rollouts[0].Gradient.Values, _rollouts[1].Gradient.Values, _settings.ActorLearningRate, _state.ActorOptimizer,
        _state.AveragedActor is { } averaged ? averaged.Floats() : [], (float)(_settings.ActorAveraging ?? 0));

    // Half of the parameters: their gradient is the sum over both halves of the rows, which the first one then holds.
    private void Step(
        int half, Span<float> gradient, ReadOnlySpan<float> other, double learningRate, FlatAdam optimizer, Span<float> follower, float smoothing)
    {
        var middle = gradient.Length / 2;
        var (start, end) = half == 0 ? (0, middle) : (middle, gradient.Length);
        var kept = (float)(1 - (learningRate * _settings.WeightDecay));
        var squares = 0.0;
        for (; start < end; start += StepValues)
        {
            var length = Math.Min(StepValues, end - start);
            var sum = gradient.Slice(start, length);
            TensorPrimitives.Add(sum, other.Slice(start, length), sum);
            squares += TensorPrimitives.SumOfSquares<float>(sum);
            optimizer.StepRange(_step, start, sum, follower: follower.IsEmpty ? [] : follower.Slice(start, length), smoothing: smoothing, kept: kept);
        }

        _squares[half] = squares;
    }

    private void AddMetricsOfCritics()
    {
        var values = (double)_settings.BatchSize * _settings.CriticCount;
        _sums[ValueGradientMetrics.CriticLoss] += (_halves[0].SquaredError + _halves[1].SquaredError) / values;
        _sums[ValueGradientMetrics.Value] += (_halves[0].ValueSum + _halves[1].ValueSum) / values;
        _sums[ValueGradientMetrics.Low] += _state.Bounds.Low;
        _sums[ValueGradientMetrics.High] += _state.Bounds.High;
        _sums[ValueGradientMetrics.Length] += (_rollouts[0].EarnedCount + _rollouts[1].EarnedCount) / (double)_settings.BatchSize;
        _sums[ValueGradientMetrics.CriticGradient] += Math.Sqrt(_squares[0] + _squares[1]);
    }

    private void AddMetricsAndStepAlpha()
    {
        var logProbability = 0.0;
        foreach (var rollout in _rollouts)
            foreach (var value in rollout.First.LogProbability) logProbability += value;
        var entropy = -logProbability / _settings.BatchSize;
        // It is its own derivative by log α.
        var alphaLoss = _alpha * (entropy - _settings.TargetEntropy);
        _sums[ValueGradientMetrics.ActorLoss] -= (_halves[0].GainSum + _halves[1].GainSum) / _settings.BatchSize;
        _sums[ValueGradientMetrics.Alpha] += _alpha;
        _sums[ValueGradientMetrics.Entropy] += entropy;
        _sums[ValueGradientMetrics.AlphaLoss] += alphaLoss;
        _sums[ValueGradientMetrics.ActorGradient] += Math.Sqrt(_squares[0] + _squares[1]);
        _alphaGradient.Floats()[0] = (float)alphaLoss;
        _state.AlphaOptimizer.Step(_alphaGradient);
    }
}
