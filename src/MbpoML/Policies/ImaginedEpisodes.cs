using MbpoML.Data;
using static TorchSharp.torch;

namespace MbpoML.Policies;

/// <summary>Episodes that a model imagined, all begun at once; those that end drop out.</summary>
/// <param name="Layout">Where each field stands in a row.</param>
/// <param name="Rows">[transitions, <see cref="TransitionLayout.Width"/>], in the order of the steps: first all first steps, then all second ones.</param>
/// <param name="Episode">The number of the episode of each row, int64 [transitions], from 0.</param>
/// <param name="Count">The number of episodes.</param>
public sealed record ImaginedEpisodes(TransitionLayout Layout, Tensor Rows, Tensor Episode, int Count);
