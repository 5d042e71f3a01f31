using System.Runtime.InteropServices;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>The training step for the CPU: gradients by hand, matrix products into memory that is there, everything between them in fused passes.</summary>
/// <remarks>
/// The same mathematics as <see cref="ReferenceEnsembleUpdate"/>, which is the one to read first; results differ by rounding only. Work is cut into two halves
/// of the members. One thread does them in turn, or two threads side by side. With an odd number of members each half gets half of the last one's minibatch.
/// Neither the cut nor the order of the sums depends on the threads, so the results do not either.
/// </remarks>
internal sealed class FusedEnsembleUpdate : IEnsembleUpdate
{
    private readonly EnsembleNetwork _network;
    private readonly FlatAdam _optimizer;
    private readonly float[] _weightDecays;
    private readonly double? _maxNorm;
    private readonly double[] _layerSquares;
    private readonly FusedWorkers _workers;
    private readonly Action<int> _learn, _sumShared, _moveShared, _measureBlocks;
    private readonly LayerViews[] _members, _gradients;
    private readonly MinibatchMemory[] _memories;
    private readonly GaussianHead[] _heads;
    private readonly int _outputSize;
    private readonly float[] _minGradient, _maxGradient;
    private readonly float[][] _minGradients, _maxGradients;
    private readonly double[] _losses;
    private Tensor? _inputs, _targets, _order;
    private AdamPass _step;
    private int _start, _count;
    private double _lossSum;
    private double[] _blockErrors = [];

    /// <param name="network">Trained in place.</param>
    /// <param name="optimizer">Over the network's flat tensor.</param>
    /// <param name="weightDecays">L2 coefficients by layer.</param>
    /// <param name="maxNorm">The largest norm of a member's gradient, or null.</param>
    /// <param name="workers">Threads and their memory, shared with the model's predictions; not disposed here.</param>
    public FusedEnsembleUpdate(EnsembleNetwork network, FlatAdam optimizer, IReadOnlyList<double> weightDecays, double? maxNorm, FusedWorkers workers)
    {
        (_network, _optimizer, _maxNorm, _workers) = (network, optimizer, maxNorm, workers);
        _layerSquares = new double[weightDecays.Count];
        _weightDecays = [.. weightDecays.Select(decay => (float)decay)];
        _members = workers.Members;
        _outputSize = (int)network.Values.MaxLogVariance.size(1);
        _gradients = [LayerViews.Zeros(workers.Shape), LayerViews.Zeros(workers.Shape)];
        _memories = [new MinibatchMemory(workers.Shape), new MinibatchMemory(workers.Shape)];
        _heads = [new GaussianHead(_outputSize, network.IsPoint), new GaussianHead(_outputSize, network.IsPoint)];
        (_minGradient, _maxGradient) = (new float[_outputSize], new float[_outputSize]);
        // A slot for each member, of which one may be learned in two halves.
        float[][] Slots() => [.. Enumerable.Range(0, _members.Length + 1).Select(_ => new float[_outputSize])];
        (_minGradients, _maxGradients, _losses) = (Slots(), Slots(), new double[_members.Length + 1]);
        // Made once: a delegate a phase would be garbage a phase.
        (_learn, _sumShared, _moveShared, _measureBlocks) = (Learn, SumShared, MoveShared, MeasureBlocks);
    }

    // Of an odd number the last member is learned in two halves of its rows.
    private bool IsLastShared => int.IsOddInteger(_members.Length) && _count > 1;

    private int WholeMembers => IsLastShared ? _members.Length - 1 : _members.Length;

    public void Step(Tensor inputs, Tensor targets, Tensor order, int start, int count)
    {
        (_inputs, _targets, _order, _start, _count) = (inputs, targets, order, start, count);
        _step = _optimizer.BeginStep();
        _workers.Run(_learn);
        if (IsLastShared)
        {
            _workers.Run(_sumShared);
            _workers.Run(_moveShared);
        }

        MoveBounds();
    }

    public double TakeLossSum()
    {
        var sum = _lossSum;
        _lossSum = 0;
        return sum;
    }

    public double[] Errors(Tensor inputs, Tensor targets)
    {
        (_inputs, _targets) = (inputs, targets);
        var blocks = (int)((inputs.size(0) + InferencePass.BlockRows - 1) / InferencePass.BlockRows);
        _blockErrors = new double[_members.Length * blocks];
        _workers.Run(_measureBlocks);
        return [.. Enumerable.Range(0, _members.Length).Select(member => _blockErrors.AsSpan(member * blocks, blocks).ToArray().Sum() / targets.numel())];
    }

    public void Dispose()
    {
        foreach (var gradient in _gradients) gradient.Dispose();
        foreach (var memory in _memories) memory.Dispose();
    }

    // Half of the members, each to its end while its gradient is in the cache; then half of the shared one's rows.
    private void Learn(int half)
    {
        var (whole, memory) = (WholeMembers, _memories[half]);
        for (var member = half * (whole / 2); member < (half == 0 ? whole / 2 : whole); member++)
        {
            Differentiate(member, slot: member, half, 0, memory.Whole(_count));
            var squares = 0.0;
            if (_maxNorm is not null)
                for (var layer = 0; layer < _weightDecays.Length; layer++) squares += AddDecay(member, layer, _gradients[half]);
            for (var layer = 0; layer < _weightDecays.Length; layer++) Move(member, slot: member, layer, _gradients[half], squares);
        }
        if (!IsLastShared) return;
        var first = half * (_count / 2);
        Differentiate(whole, slot: whole + half, half, first, memory.Part(half == 0 ? _count / 2 : _count - first));
    }

    // The gradient of one member's loss on some rows of the minibatch; the slot takes what is summed over members later.
    private void Differentiate(int member, int slot, int half, int firstRow, Minibatch minibatch)
    {
        var (parameters, gradient, head, last) = (_members[member], _gradients[half], _heads[half], _weightDecays.Length - 1);
        var numbers = MemoryMarshal.Cast<byte, long>(_order!.bytes).Slice((member * (int)_order.size(1)) + _start + firstRow, minibatch.RowCount);
        minibatch.Gather(_inputs!.Floats(), _targets!.Floats(), numbers);
        minibatch.Pass.Forward(parameters, minibatch.Input);
        head.Set(parameters.Biases(last), _network.Values.MinLogVariance.Floats(), _network.Values.MaxLogVariance.Floats());
        _losses[slot] = head.Backward(
            minibatch.Pass.Output.Values, minibatch.Targets, 1f / (_count * _outputSize), gradient.Biases(last), _minGradients[slot], _maxGradients[slot]);
        minibatch.Pass.Backward(parameters, gradient, minibatch.Input);
    }

    // The gradient of the shared member is the sum of both halves': every other layer each half.
    private void SumShared(int half)
    {
        var (sum, other) = (_gradients[0], _gradients[1]);
        for (var layer = half; layer < _weightDecays.Length; layer += 2)
        {
            TensorPrimitives.Add(sum.Weights(layer).Values, other.Weights(layer).Values, sum.Weights(layer).Values);
            TensorPrimitives.Add(sum.Biases(layer), other.Biases(layer), sum.Biases(layer));
            if (_maxNorm is not null) _layerSquares[layer] = AddDecay(WholeMembers, layer, sum);
        }
    }

    private void MoveShared(int half)
    {
        var squares = 0.0;
        foreach (var ofLayer in _layerSquares) squares += ofLayer;
        for (var layer = half; layer < _weightDecays.Length; layer += 2) Move(WholeMembers, slot: WholeMembers + half, layer, _gradients[0], squares);
    }

    // Decay is part of the norm. The sum of the squares of a layer's gradient.
    private double AddDecay(int member, int layer, LayerViews gradient)
    {
        var weights = gradient.Weights(layer).Values;
        TensorPrimitives.MultiplyAdd(_members[member].Weights(layer).Values, _weightDecays[layer], weights, weights);
        return TensorPrimitives.SumOfSquares<float>(weights) + TensorPrimitives.SumOfSquares<float>(gradient.Biases(layer));
    }

    private void Move(int member, int slot, int layer, LayerViews gradient, double squares)
    {
        var (parameters, decay) = (_members[member], _weightDecays[layer]);
        _losses[slot] += 0.5 * decay * TensorPrimitives.SumOfSquares<float>(parameters.Weights(layer).Values);
        if (_maxNorm is { } maxNorm)
        {
            var factor = GradientClip.Factor(squares, maxNorm);
            GradientClip.Multiply(gradient.Weights(layer).Values, factor);
            GradientClip.Multiply(gradient.Biases(layer), factor);
            decay = 0;
        }

        _optimizer.StepRange(_step, parameters.WeightOffset(layer), gradient.Weights(layer).Values, decay);
        _optimizer.StepRange(_step, parameters.BiasOffset(layer), gradient.Biases(layer));
    }

    // The bounds belong to all members: their gradient is that of the regulariser and the sum of the members', in their order.
    private void MoveBounds()
    {
        var (min, max) = (_network.Values.MinLogVariance, _network.Values.MaxLogVariance);
        _minGradient.AsSpan().Fill(-(float)EnsembleLoss.BoundsCoefficient);
        _maxGradient.AsSpan().Fill((float)EnsembleLoss.BoundsCoefficient);
        // Those of networks without a variance are set after the fit.
        if (!_network.IsPoint)
            _lossSum += EnsembleLoss.BoundsCoefficient * (TensorPrimitives.Sum<float>(max.Floats()) - TensorPrimitives.Sum<float>(min.Floats()));
        for (var slot = 0; slot < (IsLastShared ? _losses.Length : _members.Length); slot++)
        {
            TensorPrimitives.Add(_minGradient, _minGradients[slot], _minGradient);
            TensorPrimitives.Add(_maxGradient, _maxGradients[slot], _maxGradient);
            _lossSum += _losses[slot];
        }
        if (_network.IsPoint) return;
        _optimizer.StepRange(_step, (int)min.storage_offset(), _minGradient);
        _optimizer.StepRange(_step, (int)max.storage_offset(), _maxGradient);
    }

    // The sums of squared errors, every other block each half.
    private void MeasureBlocks(int half)
    {
        var inputs = _inputs!.Floats();
        var targets = _targets!.Floats();
        var (pass, rows, blocks) = (_workers.Pass(half), (int)_inputs!.size(0), _blockErrors.Length / _members.Length);
        var width = inputs.Length / rows;
        for (var index = half; index < _blockErrors.Length; index += 2)
        {
            var (member, block) = Math.DivRem(index, blocks);
            var (parameters, first) = (_members[member], block * InferencePass.BlockRows);
            var count = Math.Min(InferencePass.BlockRows, rows - first);
            inputs.Slice(first * width, count * width).CopyTo(pass.Input);
            var output = pass.Run(parameters, count);
            _blockErrors[index] = SquaredErrors(output, parameters.Biases(_weightDecays.Length - 1), targets.Slice(first * _outputSize, count * _outputSize));
        }
    }

    private double SquaredErrors(ReadOnlySpan<float> output, ReadOnlySpan<float> biases, ReadOnlySpan<float> targets)
    {
        var sum = 0.0;
        for (; targets.Length > 0; output = output[(2 * _outputSize)..], targets = targets[_outputSize..])
        {
            for (var column = 0; column < _outputSize; column++)
            {
                var error = output[column] + biases[column] - targets[column];
                sum += error * error;
            }
        }
        return sum;
    }
}
