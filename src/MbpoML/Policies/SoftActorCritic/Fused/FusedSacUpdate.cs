using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Policies.SoftActorCritic.Fused;

/// <summary>The SAC update for the CPU: gradients by hand, matrix products into memory that is there, everything between them in fused passes.</summary>
/// <remarks>
/// The same mathematics as <see cref="ReferenceSacUpdate"/>, which is the one to read first; results differ by rounding only. Each phase has two halves: one
/// for each critic, or for each half of the actor's rows. One thread does them in turn, or two threads side by side. Either way it is the same work on the same
/// memory. So the number of threads changes no bit of the result.
/// </remarks>
internal sealed class FusedSacUpdate : ISacUpdate
{
    private readonly SacSettings _settings;
    private readonly SacState _state;
    private readonly ActionScaling _scaling;
    private readonly Companion _companion;
    private readonly Action<int> _drawActions, _evaluateTargets, _learnValues, _policyGradientOfAction, _policyGradient, _sumActorGradient, _stepActor;
    private readonly LayerViews _actor;
    private readonly LayerViews[] _critics, _targets, _actorGradients, _criticGradients;
    private readonly Matrix[] _actionWeights;
    private readonly Tensor _alphaGradient;
    private double[] _sums = new double[SacMetrics.Names.Count];
    private FusedBuffers? _buffers;
    private Tensor? _noise;
    private readonly double[] _actorSquares = new double[2];
    private AdamPass _actorStep;
    private float _alpha;

    public FusedSacUpdate(SacSettings settings, SacState state, ActionScaling scaling, int threads)
    {
        (_settings, _state, _scaling) = (settings, state, scaling);
        var (actor, critic) = (settings.Actor, settings.Critic);
        _actor = new LayerViews(actor, state.Actor.select(0, 0));
        _critics = [new LayerViews(critic, state.Critics.select(0, 0)), new LayerViews(critic, state.Critics.select(0, 1))];
        _targets = [new LayerViews(critic, state.Targets.select(0, 0)), new LayerViews(critic, state.Targets.select(0, 1))];
        _criticGradients = [LayerViews.Zeros(critic), LayerViews.Zeros(critic)];
        _actorGradients = [LayerViews.Zeros(actor), LayerViews.Zeros(actor)];
        _actionWeights = [.. _critics.Select(views => views.Weights(0).Rows(settings.Layout.ObservationSize, settings.Layout.ActionSize))];
        _alphaGradient = zeros(1).DetachFromDisposeScope();
        // Made once: a delegate a phase would be garbage a phase.
        (_drawActions, _evaluateTargets, _learnValues) = (DrawActions, EvaluateTargets, LearnValues);
        (_policyGradientOfAction, _policyGradient) = (PolicyGradientOfAction, PolicyGradient);
        (_sumActorGradient, _stepActor) = (half => SumActorGradient(half), StepActor);
        _companion = new Companion(threads);
    }

    private FusedBuffers Buffers => _buffers!;

    private int MiddleOfActor => _settings.Actor.ParameterCount / 2;

    public void Update(Tensor rows, Tensor noise)
    {
        using var noGrad = no_grad();
        Prepare(rows);
        _noise = noise;
        _alpha = MathF.Exp(_state.LogAlpha.Floats()[0]);
        _companion.Run(_drawActions);
        _companion.Run(_evaluateTargets);
        SetTarget();
        _companion.Run(_learnValues);
        _companion.Run(_policyGradientOfAction);
        _companion.Run(_policyGradient);
        // The norm needs the whole gradient before any of it is used.
        if (_settings.GradientClipping is not null) _companion.Run(_sumActorGradient);
        _actorStep = _state.ActorOptimizer.BeginStep(_state.ActorRateFactor);
        _companion.Run(_stepActor);
        AddMetricsAndStepAlpha();
    }

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
        foreach (var views in (LayerViews[])[_actor, .. _critics, .. _targets, .. _actorGradients, .. _criticGradients]) views.Dispose();
        foreach (var weights in _actionWeights) weights.Dispose();
        _alphaGradient.Dispose();
        _buffers?.Dispose();
    }

    // Sorts the rows into the inputs of the networks.
    private void Prepare(Tensor rows)
    {
        var batch = (int)rows.size(0);
        if (_buffers?.Batch != batch)
        {
            _buffers?.Dispose();
            _buffers = new FusedBuffers(_settings, batch);
        }
        if (rows.is_contiguous())
        {
            Sort(rows.Floats());
            return;
        }
        using var dense = rows.contiguous();
        Sort(dense.Floats());
    }

    private void Sort(ReadOnlySpan<float> rows)
    {
        var (layout, inputs) = (_settings.Layout, _settings.Critic.Inputs);
        var data = Buffers.Data.Values;
        var next = Buffers.NextDrawn.Values;
        var current = Buffers.CurrentDrawn.Values;
        for (var index = 0; index < Buffers.Batch; index++)
        {
            var row = rows.Slice(index * layout.Width, layout.Width);
            var start = index * inputs;
            var observation = row[..layout.ObservationSize];
            var input = data.Slice(start, inputs);
            observation.CopyTo(input);
            observation.CopyTo(current[start..]);
            row.Slice(layout.NextObservationOffset, layout.ObservationSize).CopyTo(next[start..]);
            for (var action = 0; action < layout.ActionSize; action++)
                input[layout.ActionOffset + action] = (row[layout.ActionOffset + action] * _scaling.Inverse[action]) + _scaling.Offset[action];
            Buffers.Reward[index] = row[layout.RewardOffset] * (float)_state.RewardScale;
            Buffers.Continues[index] = (1 - row[layout.TerminatedOffset]) * (float)_settings.Discount;
        }
    }

    // Actions at next observations and observations, with their log-probabilities.
    private void DrawActions(int half)
    {
        var block = Buffers.ActorForward[half];
        block.Pass.Forward(_actor, block.Observation);
        var (rows, actions) = (block.Rows, _settings.Layout.ActionSize);
        var noise = _noise!.Floats().Slice(block.Start * actions, rows * actions);
        Buffers.Heads[half].Forward(
            block.Pass.Output.Values, _actor.Biases(_settings.Actor.Layers - 1), noise, block.Input.Values, Buffers.LogProbability.AsSpan(block.Start, rows));
    }

    private void EvaluateTargets(int critic) =>
        Buffers.Critics[critic].Pass.ForwardValues(_targets[critic], Buffers.NextDrawn, Buffers.Critics[critic].NextValue);

    private void SetTarget()
    {
        var (first, second) = (Buffers.Critics[0].NextValue, Buffers.Critics[1].NextValue);
        var alpha = _settings.EntropyInTarget ? _alpha : 0;
        for (var index = 0; index < Buffers.Batch; index++)
        {
            var value = MathF.Min(first[index], second[index]) - (alpha * Buffers.LogProbability[index]);
            Buffers.Target[index] = Buffers.Reward[index] + (Buffers.Continues[index] * value);
        }

        if (_settings.LeastTarget is { } least) TensorPrimitives.Max(Buffers.Target, (float)least, Buffers.Target);
    }

    // The gradient of one critic's loss, and then its values at the drawn actions, still at the old weights.
    private void LearnValues(int critic)
    {
        var (buffers, parameters, gradient) = (Buffers.Critics[critic], _critics[critic], _criticGradients[critic]);
        var pass = buffers.Pass;
        pass.ForwardValues(parameters, Buffers.Data, buffers.Value);
        var (delta, sum, last) = (buffers.ValueDelta, 0f, _settings.Critic.Layers - 1);
        for (var index = 0; index < delta.Length; index++)
        {
            delta[index] = (buffers.Value[index] - Buffers.Target[index]) / Buffers.Batch;
            sum += delta[index];
        }
        gradient.Biases(last)[0] = sum;
        pass.BackwardValues(parameters, gradient, Buffers.Data, delta);
        pass.ForwardValues(parameters, Buffers.CurrentDrawn, buffers.DrawnValue);
    }

    // How -mean min Q changes with the drawn actions through one critic; after that, the critic's own step can be taken and its target follow.
    private void PolicyGradientOfAction(int critic)
    {
        var (buffers, optimizer) = (Buffers.Critics[critic], _state.CriticOptimizers[critic]);
        buffers.PolicyPass.Backward(
            _critics[critic], _actionWeights[critic], buffers.DrawnValue, Buffers.Critics[1 - critic].DrawnValue, buffers.ActionDelta);
        if (_settings.GradientClipping is { } maxNorm) GradientClip.Apply(_criticGradients[critic].Values, maxNorm);
        optimizer.StepRange(
            optimizer.BeginStep(), 0, _criticGradients[critic].Values,
            follower: _targets[critic].Values, smoothing: (float)_settings.TargetSmoothing);
    }

    private void PolicyGradient(int half)
    {
        if (half >= Buffers.ActorBackward.Length) return;
        var (block, gradient, head, last) = (Buffers.ActorBackward[half], _actorGradients[half], Buffers.Heads[^1], _settings.Actor.Layers - 1);
        var (actions, values) = (_settings.Layout.ActionSize, block.Rows * _settings.Layout.ActionSize);
        var offset = (block.Start - Buffers.Batch) * actions;
        head.Backward(
            block.Start - Buffers.Batch,
            Buffers.Critics[0].ActionDelta.AsSpan(offset, values),
            Buffers.Critics[1].ActionDelta.AsSpan(offset, values),
            _alpha / Buffers.Batch,
            block.Pass.Output.Values,
            gradient.Biases(last));
        block.Pass.Backward(_actor, gradient, block.Observation);
    }

    // Half of the parameters: their gradient is the sum over both halves of the rows.
    private Span<float> SumActorGradient(int half)
    {
        var range = half == 0 ? ..MiddleOfActor : MiddleOfActor..;
        var gradient = _actorGradients[0].Values[range];
        if (Buffers.ActorBackward.Length == 2) TensorPrimitives.Add(gradient, _actorGradients[1].Values[range], gradient);
        if (_settings.GradientClipping is not null) _actorSquares[half] = TensorPrimitives.SumOfSquares<float>(gradient);
        return gradient;
    }

    private void StepActor(int half)
    {
        Span<float> gradient;
        if (_settings.GradientClipping is { } maxNorm)
        {
            gradient = _actorGradients[0].Values[half == 0 ? ..MiddleOfActor : MiddleOfActor..];
            GradientClip.Multiply(gradient, GradientClip.Factor(_actorSquares[0] + _actorSquares[1], maxNorm));
        }
        else
        {
            gradient = SumActorGradient(half);
        }

        _state.ActorOptimizer.StepRange(_actorStep, half * MiddleOfActor, gradient);
    }

    private void AddMetricsAndStepAlpha()
    {
        var (first, second) = (Buffers.Critics[0], Buffers.Critics[1]);
        var (error, value, drawn, logProbability) = (0.0, 0.0, 0.0, 0.0);
        for (var index = 0; index < Buffers.Batch; index++)
        {
            var target = Buffers.Target[index];
            var (firstError, secondError) = (first.Value[index] - target, second.Value[index] - target);
            error += (firstError * firstError) + (secondError * secondError);
            value += first.Value[index] + second.Value[index];
            drawn += MathF.Min(first.DrawnValue[index], second.DrawnValue[index]);
            logProbability += Buffers.LogProbability[Buffers.Batch + index];
        }
        var (logAlpha, meanLogProbability) = (_state.LogAlpha.Floats()[0], logProbability / Buffers.Batch);
        var shortfall = meanLogProbability + _settings.TargetEntropy;
        _sums[SacMetrics.CriticLoss] += error / (4 * Buffers.Batch);
        _sums[SacMetrics.ActorLoss] += (_alpha * meanLogProbability) - (drawn / Buffers.Batch);
        _sums[SacMetrics.Alpha] += _alpha;
        _sums[SacMetrics.Entropy] -= meanLogProbability;
        _sums[SacMetrics.Value] += value / (2 * Buffers.Batch);
        _sums[SacMetrics.AlphaLoss] -= logAlpha * shortfall;
        if (_settings.EntropyCoefficient is not null) return;
        _alphaGradient.Floats()[0] = (float)-shortfall;
        _state.AlphaOptimizer.Step(_alphaGradient);
        if (_settings.MaxEntropyCoefficient is not { } most) return;
        var bounded = _state.LogAlpha.Floats();
        bounded[0] = MathF.Min(bounded[0], (float)Math.Log(most));
    }
}
